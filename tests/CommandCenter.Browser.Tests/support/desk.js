/** A desk and what a person does at it. */
export class Desk {
  constructor(page) {
    this.page = page
    this.commands = page.getByRole('region', { name: '可办事项' })
    this.history = page.getByRole('region', { name: '办理过程' })
    this.list = page.getByRole('region', { name: '案件列表' })
    this.inbox = page.getByRole('complementary', { name: '通知' })
  }

  /** Says who sits here, as on the first visit. */
  async sit(name) {
    await this.page.getByRole('searchbox').fill(name)
    await this.page.getByRole('button', { name }).first().click()
    await this.page.getByRole('navigation', { name: '办理队列' }).waitFor()
  }

  queue(name) {
    return this.page.getByRole('navigation', { name: '办理队列' }).getByRole('button', { name: new RegExp(`^${name}`) }).click()
  }

  /** Opens a case of the list by what its report says. */
  async open(words) {
    await this.list.getByRole('button').filter({ hasText: words }).first().click()
    await this.commands.waitFor()
  }

  async openById(id) {
    await this.page.goto(`/desk/?case=${id}`)
    await this.commands.waitFor()
  }

  /** Of the usual next steps, or of the others, which are behind 更多. */
  async choose(command) {
    const group = this.commands.getByRole('group', { name: '可办事项' })
    const button = group.getByRole('button', { name: command, exact: true })
    if (!(await button.isVisible())) await group.getByRole('button', { name: /^更多/ }).click()
    await button.click()
  }

  confirm(command) {
    return this.commands.getByRole('button', { name: `确认${command}`, exact: true }).click()
  }

  /** Waits until the page says that a command was carried out. */
  done(command) {
    return this.commands.getByRole('status').filter({ hasText: `已办理：${command}` }).waitFor()
  }

  told(words) {
    return this.commands.getByRole('alert').filter({ hasText: words }).waitFor()
  }

  happened(words) {
    return this.history.getByRole('listitem').filter({ hasText: words }).first().waitFor()
  }

  /** How many photos are really drawn on the page. */
  photosDrawn(within = this.page) {
    return within.locator('.photo img').evaluateAll((images) => images.filter((image) => image.complete && image.naturalWidth > 0).length)
  }
}
