import type { CollectionEntry } from 'astro:content'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { ClusterNode } from './islands/cluster/board-model.ts'
import type { LabGoal, LabProps } from './islands/lab/lab-props.ts'
import type { LabFiles } from './worker/protocol.ts'

/** Folders of a lab that never reach the browser: they hold what the learner is meant to find. */
const KEPT_BACK = new Set(['answers', 'wrong'])

/** Reads a lab's folder when the site is built, and makes of it what the bench needs. */
export function labProps(lab: CollectionEntry<'labs'>, hintsHtml: string): LabProps {
  const { id, title, minutes, cluster, timelines, goals } = lab.data
  const files = labFiles(dirname(join(process.cwd(), lab.filePath ?? `labs/${id}/lab.yaml`)))
  return {
    id,
    title,
    minutes,
    files,
    starter: Object.entries(files)
      .filter(([path]) => path.startsWith('starter/'))
      .map(([path, text]) => ({ name: path.slice('starter/'.length), text })),
    nodes: cluster.nodes.flatMap(expandNode),
    timelines: timelines.map((timeline: { readonly name: string }) => timeline.name),
    goals: goals.map((goal: LabGoal) => ({ id: goal.id, title: goal.title, points: goal.points })),
    hints: splitHints(hintsHtml),
  }
}

/** `w-{1..3}` stands for w-1, w-2 and w-3. */
export function expandNode(node: ClusterNode): readonly ClusterNode[] {
  const { labels, taints } = node
  const range = /^(.*)\{(\d+)\.\.(\d+)\}(.*)$/.exec(node.name)
  if (range === null) return [{ name: node.name, labels, taints }]
  const [, before = '', from = '1', to = '1', after = ''] = range
  const count = Number(to) - Number(from) + 1
  return Array.from({ length: count }, (_, i) => ({ name: `${before}${Number(from) + i}${after}`, labels, taints }))
}

/** hints.md is a list of steps: one heading, or one list item, per hint. */
function splitHints(html: string): readonly string[] {
  const byHeading = html.split(/(?=<h[1-3][ >])/).filter((part) => /^<h[1-3]/.test(part.trim()))
  if (byHeading.length > 1) return byHeading.filter((part) => part.replace(/<h[1-3].*?<\/h[1-3]>/s, '').trim() !== '')
  return [...html.matchAll(/<li>([\s\S]*?)<\/li>/g)].map((match) => match[1] ?? '')
}

function labFiles(folder: string): LabFiles {
  const files: Record<string, string> = {}
  const walk = (path: string) => {
    for (const entry of readdirSync(join(folder, path), { withFileTypes: true })) {
      const below = path === '' ? entry.name : `${path}/${entry.name}`
      if (entry.isDirectory()) {
        if (!KEPT_BACK.has(entry.name)) walk(below)
      } else files[below] = readFileSync(join(folder, below), 'utf8')
    }
  }
  if (existsSync(folder)) walk('')
  return files
}
