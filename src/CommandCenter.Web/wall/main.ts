import { createApp } from 'vue'
import '../style/base.css'
import { createWords } from '../i18n'
import WallPage from './WallPage.vue'

createApp(WallPage).use(createWords()).mount('#app')
