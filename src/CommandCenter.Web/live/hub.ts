import { HttpTransportType, HubConnectionBuilder, LogLevel } from '@microsoft/signalr'
import type { Identity } from '../api/client'
import type { Board, BoardDelta } from '../api/types'

export interface Hub {
  watch(scope: string): Promise<Board>
  stop(): Promise<void>
}

export interface HubHandlers {
  delta(delta: BoardDelta): void
  closed(): void
}

export type ConnectHub = (identity: Identity, handlers: HubHandlers) => Promise<Hub>

/** One connection, without a reconnect of its own: when it drops, the link decides what happens next. */
export const connectHub: ConnectHub = async (identity, handlers) => {
  const query = new URLSearchParams({ actor: identity.actor, ...(identity.role ? { role: identity.role } : {}) })
  const connection = new HubConnectionBuilder()
    .withUrl(`/hubs/board?${query}`, { transport: HttpTransportType.WebSockets | HttpTransportType.ServerSentEvents })
    .configureLogging(LogLevel.None)
    .build()
  connection.serverTimeoutInMilliseconds = 20_000
  connection.on('delta', (delta: BoardDelta) => handlers.delta(delta))
  connection.onclose(() => handlers.closed())
  await connection.start()
  return {
    watch: (scope) => connection.invoke<Board>('Watch', scope),
    stop: () => connection.stop(),
  }
}
