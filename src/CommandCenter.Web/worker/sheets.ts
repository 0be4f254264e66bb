import { defineAsyncComponent, type Component } from 'vue'

/** A sheet of the desk, fetched only by those who open it on their phone, and again and again where the line is bad. */
const sheet = <T extends Component>(loader: () => Promise<{ default: T }>) =>
  defineAsyncComponent<T>({ loader: () => loader().then((module) => module.default), onError: (_, retry, __, attempts) => setTimeout(retry, Math.min(30_000, 1_000 * 2 ** attempts)) })

export const CommandForms = sheet(() => import('../desk/CommandForms.vue'))
export const MeetingView = sheet(() => import('../desk/MeetingView.vue'))
export const DutyHandOver = sheet(() => import('../desk/DutyHandOver.vue'))
