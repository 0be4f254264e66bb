import { createApp } from 'vue'
import '../style/base.css'
import '../style/controls.css'
import { createWords } from '../i18n'
import LandingPage from './LandingPage.vue'

createApp(LandingPage).use(createWords()).mount('#app')
