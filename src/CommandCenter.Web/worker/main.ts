import { createApp } from 'vue'
import '../style/base.css'
import '../style/controls.css'
import '../style/sheet.css'
import { createWords } from '../i18n'
import WorkerPage from './WorkerPage.vue'

createApp(WorkerPage).use(createWords()).mount('#app')
