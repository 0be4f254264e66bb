import { mount } from '@vue/test-utils'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import document from '../api/openapi.json'
import { createWords, startLanguage } from '.'
import { fieldsOf } from '../desk/forms'
import { meetingCommands } from '../desk/meetingActions'
import { taskCommands } from '../parts/taskActions'
import { callCommands, whistleCommands } from '../parts/whistleActions'
import { en } from './en'
import { useMarks } from './useMarks'
import { zh } from './zh'

type Tree = { [name: string]: string | Tree }

const leaves = (tree: Tree, path = ''): [string, string][] =>
  Object.entries(tree).flatMap(([name, value]) => (typeof value === 'string' ? [[`${path}${name}`, value] as [string, string]] : leaves(value, `${path}${name}.`)))
const places = (words: string) => [...words.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort()

const chinese = new Map(leaves(zh))
const english = new Map(leaves(en as unknown as Tree))

/** Where the words of an enumeration stand; a value without words would reach people as snake_case. */
const sections = ['sector', 'stage', 'urgency', 'clock', 'clockState', 'segment', 'pauseCause', 'limitBasis', 'recountCause', 'figureKind', 'grouping', 'suspensionReason', 'reasonKind', 'appeal', 'level', 'matter', 'unit', 'role', 'areaLevel', 'refusal', 'fix', 'source', 'finding', 'emergency', 'caseLink', 'supervision', 'coordinates', 'sealed', 'notice', 'recipient', 'command', 'event', 'addition', 'caseFeedbackWay', 'feedbackWay', 'line', 'lineOutcome', 'meetingForm', 'meeting', 'meetingTier', 'noticeUrgency', 'noticeStanding', 'passOnReason', 'passOnStep', 'channelKind', 'textLanguage', 'audience', 'minutes', 'taskList', 'task', 'whistle', 'call', 'dutyRole', 'dutyStanding', 'mediaKind', 'agendaReason', 'agendaLeaving', 'whistleClock', 'whistleLevel', 'reviewOutcome', 'agendaItem', 'agendaMeeting', 'listingStage', 'listingGrade', 'listingReason', 'reviewReason', 'review', 'guidanceStage'] as const

function enumerations(node: unknown, path = ''): [string, string[]][] {
  if (!node || typeof node !== 'object') return []
  const found: [string, string[]][] = 'enum' in node && Array.isArray(node.enum) ? [[path, node.enum.filter((value): value is string => typeof value === 'string')]] : []
  return [...found, ...Object.entries(node).flatMap(([name, value]) => enumerations(value, `${path}/${name}`))]
}

describe('The catalogues', () => {
  it('have the same keys', () => {
    expect([...english.keys()].sort()).toEqual([...chinese.keys()].sort())
  })

  it('leave the same places open in both languages', () => {
    for (const [key, words] of chinese) expect([key, places(english.get(key) ?? '')]).toEqual([key, places(words)])
  })

  it('have no empty words', () => {
    for (const [key, words] of [...chinese, ...english]) expect([key, words.trim().length > 0]).toEqual([key, true])
  })

  it('use Chinese punctuation between Chinese words', () => {
    for (const [key, words] of chinese) expect([key, /[\u4e00-\u9fff][,:;?!()][\u4e00-\u9fff]/.test(words)]).toEqual([key, false])
  })

  it('have one word for what is overdue and one for a notice', () => {
    for (const [key, words] of chinese) expect([key, words.match(/逾期|超时|过期|提醒/)?.[0]]).toEqual([key, undefined])
  })

  it('are understood by the message compiler', () => {
    const { global } = createWords('zh')
    for (const key of chinese.keys())
      for (const locale of ['zh', 'en'] as const) expect(() => (global.t as (key: string, named: object, options: object) => string)(key, {}, { locale })).not.toThrow()
  })
})

describe('Every enumeration of the API', () => {
  const all = enumerations(document)

  it('is found in the document', () => {
    expect(all.length).toBeGreaterThan(10)
  })

  it.each(all)('%s has words in both languages', (_, values) => {
    const home = sections.find((section) => values.every((value) => value in zh[section]))
    expect(home, values.join()).toBeDefined()
    for (const value of values) expect(english.get(`${home}.${value}`)).toBeTruthy()
  })
})

describe('What happens to a case', () => {
  const names = [...readFileSync(join(import.meta.dirname, '../../../tests/CommandCenter.Domain.Tests/Formats/approved/GoldenTests.The_names_of_events_are_frozen.approved.md'), 'utf8').matchAll(/\bcase_[a-z_]+/g)].map(([name]) => name)

  it.each([...new Set(names)])('%s has a name for the feed and a sentence for the history', (name) => {
    for (const words of [chinese, english]) expect([words.get(`event.${name}`), words.get(`history.${name}`)].every(Boolean), name).toBe(true)
  })

  it.each(Object.keys(fieldsOf))('by the command %s has a name', (command) => {
    expect(chinese.get(`command.${command}`)).toBeTruthy()
  })
})

describe('What happens to tasks and whistles', () => {
  const commands = (under: RegExp) => [...new Set(Object.keys(document.paths).flatMap((path) => under.exec(path)?.[1] ?? []))]
  const events = (prefix: string) => [...new Set([...readFileSync(join(import.meta.dirname, '../../../tests/CommandCenter.Domain.Tests/Formats/approved/GoldenTests.The_names_of_events_are_frozen.approved.md'), 'utf8').matchAll(new RegExp(`\\b${prefix}_[a-z_]+`, 'g'))].map(([name]) => name))]

  it.each(commands(/^\/api\/tasks\/\{id\}\/([a-z-]+)$/))('by the command %s of a task has a name', (command) => {
    expect(taskCommands).toContain(command)
    expect(chinese.get(`taskCommand.${command}`)).toBeTruthy()
  })

  it.each(commands(/^\/api\/whistles\/\{id\}\/(?:calls\/\{call\}\/)?([a-z-]+)$/))('by the command %s of a whistle has a name', (command) => {
    expect([...whistleCommands, ...callCommands]).toContain(command)
    expect(chinese.get(`whistleCommand.${command}`)).toBeTruthy()
  })

  it.each(commands(/^\/api\/meetings\/\{id\}\/([a-z-]+)$/).filter((name) => name !== 'feedback'))('by the command %s of a meeting has a name', (command) => {
    expect(meetingCommands).toContain(command)
    expect(chinese.get(`meetingCommand.${command}`)).toBeTruthy()
  })

  it.each(commands(/^\/api\/task-lists\/\{id\}\/([a-z-]+)$/).filter((name) => name !== 'account'))('by the command %s of a list has a name', (command) => {
    expect(chinese.get(`taskListCommand.${command}`)).toBeTruthy()
  })

  it.each(commands(/^\/api\/(?:duty\/\{place\}|absences)\/([a-z-]+)$/).filter((name) => !['on-duty', 'open', 'import'].includes(name)))('by the command %s of a roster or an absence has a name', (command) => {
    expect(chinese.get(`dutyCommand.${command}`)).toBeTruthy()
  })

  it.each(events('whistle'))('%s has a sentence', (name) => {
    expect(chinese.get(`whistleEvent.${name}`)).toBeTruthy()
  })

  it.each(events('task').filter((name) => !name.startsWith('task_list')))('%s has a sentence', (name) => {
    expect(chinese.get(`taskEvent.${name}`)).toBeTruthy()
  })
})

describe('The pages', () => {
  const root = join(import.meta.dirname, '..')
  const pages = ['landing', 'worker', 'desk', 'wall', 'parts'].flatMap((folder) =>
    readdirSync(join(root, folder))
      .filter((name) => name.endsWith('.vue'))
      .map((name) => join(folder, name)),
  )

  it.each(pages)('%s takes its words from the catalogues', (page) => {
    const template = readFileSync(join(root, page), 'utf8').match(/<template>[\s\S]*<\/template>/)?.[0] ?? ''
    expect(template).not.toMatch(/[\u4e00-\u9fff]/)
    const text = template.replace(/<(?:"[^"]*"|[^">])*>/g, '\n').replace(/\{\{[\s\S]*?\}\}/g, '')
    expect(text.match(/[A-Za-z]{3,}/g)?.filter((word) => word !== 'nbsp') ?? []).toEqual([])
  })
})

describe('A mark in a text', () => {
  const show = (text: string, language: 'zh' | 'en') => mount({ setup: () => ({ words: useMarks()(text) }), template: '{{ words }}' }, { global: { plugins: [createWords(language)] } }).text()

  it('is worded in the language of the reader', () => {
    const text = '⟦phone⟧⟦identity_number⟧⟦personal⟧⟦erased⟧⟦damaged⟧'
    expect(show(text, 'zh')).toBe('〔电话〕〔身份证号〕〔个人信息〕〔已按规定删除〕〔无法读取〕')
    expect(show(text, 'en')).toBe('[phone][identity number][personal data][erased][cannot be read]')
  })

  it('that has no words of its own stands for personal data', () => {
    expect(show('请打 ⟦1⟧ 或 ⟦bank_card⟧', 'zh')).toBe('请打 〔个人信息〕 或 〔个人信息〕')
  })
})

describe('The language', () => {
  it('is Chinese unless the address or this device says otherwise', () => {
    expect(startLanguage('', null)).toBe('zh')
    expect(startLanguage('', 'en')).toBe('en')
    expect(startLanguage('?lang=zh', 'en')).toBe('zh')
    expect(startLanguage('?lang=fr', 'nonsense')).toBe('zh')
  })
})
