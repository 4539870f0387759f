/** Renders an agenda as an HTML table by day and person, for mail and chat: no scripts, no images, styles in place. */
import type { AgendaDay, AgendaEntry, CalendarOwner } from './build';
import {
	formatDay,
	formatHours,
	formatPlace,
	formatResponse,
	formatWhen,
	LANGUAGES,
	toOneLine,
	type Phrases,
	type RenderOptions,
} from './render';

type HtmlOptions = Omit<RenderOptions, 'showOwners'>;

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Names and titles are text of other people, so nothing in them is markup. */
const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (sign) => ENTITIES[sign]);

/**
 * Mail programs drop style sheets but keep styles in place, so these are the light colors. The style sheet has the dark ones, for
 * programs that keep it; others darken the page themselves.
 */
const STYLES = {
	page: 'font-family:-apple-system,"Segoe UI","PingFang SC","Microsoft YaHei",Arial,sans-serif;font-size:14px;line-height:1.45;color:#1f2329;background:#ffffff;padding:12px',
	title: 'margin:0 0 12px;font-size:18px;font-weight:600',
	table: 'border-collapse:collapse;width:100%',
	head: 'text-align:left;padding:8px 10px;border:1px solid #d0d3d9;background:#f2f3f5;font-weight:600',
	day: 'text-align:left;vertical-align:top;padding:8px 10px;border:1px solid #d0d3d9;font-weight:600;white-space:nowrap',
	cell: 'vertical-align:top;padding:8px 10px;border:1px solid #d0d3d9;overflow-wrap:anywhere',
	entry: 'margin:0 0 6px;padding:4px 8px;border-left:3px solid #1677ff;background:#eaf3ff',
	open: 'margin:0 0 6px;padding:4px 8px;border-left:3px dashed #8f959e;background:#f5f6f7',
	declined: 'margin:0 0 6px;padding:4px 8px;border-left:3px solid #8f959e;color:#646a73;text-decoration:line-through',
	free: 'margin:0 0 6px;padding:4px 8px;border-left:3px solid #2ea121;color:#1d7a14;font-weight:400',
	// A title that does not fit beside its time begins a line of its own; Chinese would break anywhere.
	what: 'display:inline-block;text-decoration:inherit',
	detail: 'font-size:12px;color:#646a73',
} as const;

const DARK = `@media (prefers-color-scheme:dark){${[
	'.dt-page{color:#e8eaed!important;background:#1b1d21!important}',
	'.dt-head{background:#2a2d33!important;border-color:#43474f!important}',
	'.dt-day,.dt-cell{border-color:#43474f!important}',
	'.dt-entry{background:#17304f!important;border-color:#4c97ff!important}',
	'.dt-open{background:#25282d!important}',
	'.dt-declined,.dt-detail{color:#a6abb3!important}',
	'.dt-free{color:#7bd571!important}',
].join('')}}`;

const element = (tag: string, style: keyof typeof STYLES, content: string, attributes = ''): string =>
	`<${tag} class="dt-${style}"${attributes} style="${STYLES[style].replaceAll('"', "'")}">${content}</${tag}>`;

function renderEntry(entry: AgendaEntry, owner: CalendarOwner, day: AgendaDay, zone: string, phrases: Phrases): string {
	const response = entry.owners.find((one) => one.owner.id === owner.id)?.response;
	const style = response === 'declined' ? 'declined' : formatResponse(response, phrases) ? 'open' : 'entry';
	const when = formatWhen(entry, day, zone, phrases);
	const what = toOneLine(entry.event.summary ?? '') || phrases.untitled;
	const details = [toOneLine(formatPlace(entry, phrases)), formatResponse(response, phrases) ?? '']
		.filter(Boolean)
		.join(' · ');
	const detail = details === '' ? '' : `<br>${element('span', 'detail', escapeHtml(details))}`;
	return element('div', style, `<b>${escapeHtml(when)}</b> ${element('span', 'what', escapeHtml(what))}${detail}`);
}

const renderFree = (span: AgendaDay['free'][number], day: AgendaDay, zone: string, phrases: Phrases): string =>
	element('div', 'free', `${escapeHtml(formatHours(span, day, zone))} ${escapeHtml(phrases.free)}`);

/** The events of one person, in order; for a single person with the free time between them. */
function renderCell(day: AgendaDay, owner: CalendarOwner, isOnly: boolean, zone: string, phrases: Phrases): string {
	const entries = day.entries
		.filter(({ owners }) => owners.some((one) => one.owner.id === owner.id))
		.map((entry) => ({
			order: entry.allDay ? Number.NEGATIVE_INFINITY : entry.span[0],
			html: renderEntry(entry, owner, day, zone, phrases),
		}));
	const free = isOnly ? day.free.map((span) => ({ order: span[0], html: renderFree(span, day, zone, phrases) })) : [];
	const parts = [...entries, ...free].sort((a, b) => (a.order === b.order ? 0 : a.order - b.order));
	const content = parts.map(({ html }) => html).join('') || element('span', 'detail', escapeHtml(phrases.noEvents));
	return element('td', 'cell', content);
}

/** Rows are days, columns are people. The free time that several people share is under the day. */
export function renderAgendaHtml(
	title: string,
	days: readonly AgendaDay[],
	owners: readonly CalendarOwner[],
	options: HtmlOptions,
): string {
	const phrases: Phrases = LANGUAGES[options.language];
	const { zone } = options;
	const isOnly = owners.length === 1;
	const head = [phrases.day, ...owners.map(({ name }) => toOneLine(name))]
		.map((text) => element('th', 'head', escapeHtml(text), ' scope="col"'))
		.join('');
	const rows = days.map((day) => {
		const free = isOnly ? '' : day.free.map((span) => renderFree(span, day, zone, phrases)).join('');
		const name = element('th', 'day', `${escapeHtml(formatDay(day, options))}${free}`, ' scope="row"');
		return `<tr>${name}${owners.map((owner) => renderCell(day, owner, isOnly, zone, phrases)).join('')}</tr>`;
	});
	const table = element('table', 'table', `<thead><tr>${head}</tr></thead><tbody>${rows.join('')}</tbody>`);
	const heading = element('h2', 'title', escapeHtml(toOneLine(title)));
	return `<style>:root{color-scheme:light dark}${DARK}</style>${element('div', 'page', `${heading}${table}`, ` lang="${phrases.code}"`)}`;
}
