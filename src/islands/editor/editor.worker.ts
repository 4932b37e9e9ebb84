// A file of our own, so that the development server bundles the editor's worker too.
import 'monaco-editor/editor/editor.worker'
