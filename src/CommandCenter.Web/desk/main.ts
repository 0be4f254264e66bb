import { createApp } from 'vue'
import '../style/base.css'
import '../style/controls.css'
import '../style/sheet.css'
import { createWords } from '../i18n'
import DeskPage from './DeskPage.vue'

createApp(DeskPage).use(createWords()).mount('#app')
