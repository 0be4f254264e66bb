/** The wall, read as somebody in front of it reads it: every number by its label. */
export class Wall {
  constructor(page) {
    this.page = page
  }

  column(sector) {
    return this.page.getByRole('region', { name: sector, exact: true })
  }

  /** Waits until a figure of the town stands at a number. */
  shows(label, number) {
    return figure(this.page.getByRole('main').getByRole('region', { name: '今日', exact: true }), label, number).waitFor()
  }

  /** Waits until a figure in a sector's column stands at a number. */
  showsIn(sector, label, number) {
    return figure(this.column(sector), label, number).waitFor()
  }

  feed(words) {
    return this.page.getByRole('region', { name: '最新动态' }).getByRole('listitem').filter({ hasText: words })
  }

  /** Leaves a mark that a reload would wipe away. */
  mark() {
    return this.page.evaluate(() => void (window.neverReloaded = true))
  }

  wasNeverReloaded() {
    return this.page.evaluate(() => window.neverReloaded === true)
  }
}

const figure = (within, label, number) => within.getByRole('link', { name: `${label} ${number}，打开案件列表`, exact: true })
