/** A luxon time zone that works out the offset of a day once: luxon asks Intl each time, which is slow for thousands of events. */
import { FixedOffsetZone, IANAZone, Zone } from 'luxon';

/** Written out: luxon would first look up the locale of the system, a tenth of the time that the package takes to load. */
export const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

export class CachedZone extends Zone {
	private readonly zone: IANAZone;
	/** The offset of each day that has only one; undefined for a day on which clocks change. */
	private readonly offsets = new Map<number, number | undefined>();

	constructor(name: string) {
		super();
		this.zone = IANAZone.create(name);
	}

	override get type(): string {
		return this.zone.type;
	}

	override get name(): string {
		return this.zone.name;
	}

	get ianaName(): string {
		return this.zone.name;
	}

	override get isUniversal(): boolean {
		return this.zone.isUniversal;
	}

	override get isValid(): boolean {
		return this.zone.isValid;
	}

	override offsetName(...args: Parameters<IANAZone['offsetName']>): string | null {
		return this.zone.offsetName(...args);
	}

	override formatOffset(...[ms, format]: Parameters<IANAZone['formatOffset']>): string {
		return FixedOffsetZone.instance(this.offset(ms)).formatOffset(ms, format);
	}

	override equals(other: Zone): boolean {
		return this.zone.equals(other);
	}

	override offset(ms: number): number {
		const day = Math.floor(ms / DAY_MS);
		if (!this.offsets.has(day)) this.offsets.set(day, this.offsetOfDay(day));
		return this.offsets.get(day) ?? this.zone.offset(ms);
	}

	/** Clocks change at most once on a day, so a day that begins and ends with one offset has no other. */
	private offsetOfDay(day: number): number | undefined {
		const first = this.zone.offset(day * DAY_MS);
		return first === this.zone.offset((day + 1) * DAY_MS - 1) ? first : undefined;
	}
}
