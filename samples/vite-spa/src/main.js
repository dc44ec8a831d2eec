import { h, render } from 'preact';
import './style.css';

render(h('p', null, `This is ${location.pathname}`), document.getElementById('app'));
