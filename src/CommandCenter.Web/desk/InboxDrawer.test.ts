import { flushPromises, mount } from '@vue/test-utils'
import { describe, expect, it, vi } from 'vitest'
import { defineComponent, ref } from 'vue'
import { createClient } from '../api/client'
import { provideOrganization } from '../api/organization'
import { provideClient } from '../api/useClient'
import { createWords } from '../i18n'
import InboxDrawer from './InboxDrawer.vue'

const organization = { timeZone: 'Asia/Shanghai', areas: [], sectors: [], posts: [], people: [], categories: [] }

const Desk = defineComponent({
  components: { InboxDrawer },
  setup() {
    const { directory } = provideOrganization(provideClient(createClient(() => ({ actor: 'dispatcher-01' }))), () => 'zh')
    const open = ref(false)
    return { directory, open }
  },
  template: '<div><button class="opener" @click="open = true">x</button><InboxDrawer v-if="directory" v-model:open="open" :tick="0" /></div>',
})

describe('The notices', () => {
  it('take the focus when they open and give it back when they close', async () => {
    vi.stubGlobal('fetch', async (url: string) => new Response(JSON.stringify(url.startsWith('/api/inbox') ? { unread: 0, items: [] } : organization)))
    const page = mount(Desk, { attachTo: document.body, global: { plugins: [createWords('zh')] } })
    await flushPromises()
    const opener = page.find<HTMLButtonElement>('.opener')
    opener.element.focus()
    await opener.trigger('click')
    await flushPromises()
    const drawer = page.find('.drawer')
    expect(document.activeElement).toBe(drawer.element)
    await drawer.trigger('keydown.esc')
    await flushPromises()
    expect(page.find('.drawer').exists()).toBe(false)
    expect(document.activeElement).toBe(opener.element)
    page.unmount()
    vi.unstubAllGlobals()
  })
})
