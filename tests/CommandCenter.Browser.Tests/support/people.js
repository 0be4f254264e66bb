export const gridWorker = { actor: 'grid-worker-01', role: 'grid_worker' }
export const operator = { actor: 'center-operator-01', role: 'center_operator' }
export const dispatcher = { actor: 'dispatcher-01', role: 'dispatcher' }
export const otherDispatcher = { actor: 'dispatcher-02', role: 'dispatcher' }
export const handler = { actor: 'post-handler-05', role: 'post_handler' }
export const districtLeader = { actor: 'district-leader-01', role: 'district_leader' }
export const townLeader = { actor: 'town-leader-01', role: 'town_leader' }
export const administrator = { actor: 'administrator-01', role: 'administrator' }
