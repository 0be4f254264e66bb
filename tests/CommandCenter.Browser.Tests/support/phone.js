import { photograph } from './photograph.js'

/** The phone of somebody who reports. */
export class Phone {
  constructor(page) {
    this.page = page
    this.form = page.locator('form')
  }

  async hold(name) {
    await this.page.getByRole('searchbox').fill(name)
    await this.page.getByRole('button', { name }).first().click()
    await this.tab('上报').waitFor()
  }

  tab(name) {
    return this.page.getByRole('navigation', { name: '随手报' }).getByRole('button', { name: new RegExp(`^${name}`) })
  }

  async addPhoto(content = photograph(), within = this.page) {
    const drawn = await within.locator('.photos img').count()
    await within.locator('input[type=file][accept="image/*"]').setInputFiles({ name: 'photo.png', mimeType: 'image/png', buffer: content })
    await within.locator('.photos img').nth(drawn).waitFor()
  }

  /** Fills the form as a grid worker does, whose own grid is filled in already. */
  async write({ text, sector = '经济发展', category = '河道污染', urgency, photo = true }) {
    if (photo) await this.addPhoto()
    await this.page.getByLabel('问题描述').fill(text)
    await this.page.getByRole('button', { name: sector, exact: true }).click()
    await this.page.getByRole('button', { name: category, exact: true }).click()
    if (urgency) await this.page.getByRole('button', { name: urgency, exact: true }).click()
  }

  submit() {
    return this.page.getByRole('button', { name: '提交上报' }).click()
  }

  card(state) {
    return this.page.locator('.submission').filter({ hasText: state })
  }
}
