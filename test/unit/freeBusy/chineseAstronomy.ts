/**
 * The Chinese calendar from the positions of sun and moon, after Jean Meeus, Astronomical Algorithms (1998), chapters 25 and 49,
 * without any table of dates. Moments are in milliseconds; days are those of Beijing.
 */

const DAY = 86_400_000;
const BEIJING = 8 * 3_600_000;
const J2000 = Date.UTC(2000, 0, 1, 12);
const radians = (degrees: number): number => (degrees * Math.PI) / 180;
const sin = (degrees: number): number => Math.sin(radians(degrees));

/** Terrestrial minus universal time, by the polynomial of Espenak and Meeus for 2005 to 2050, which serves for the century. */
const deltaT = (year: number): number => (62.92 + 0.32217 * (year - 2000) + 0.005589 * (year - 2000) ** 2) * 1000;
const toUniversal = (julian: number): number => {
	const moment = J2000 + (julian - 2_451_545) * DAY;
	return moment - deltaT(2000 + (moment - J2000) / (365.25 * DAY));
};

/** Midnight in UTC of the day of Beijing. */
export const dayOf = (moment: number): number => Math.floor((moment + BEIJING) / DAY) * DAY;

/** The new moon number `k` after that of 6 January 2000. */
function newMoon(k: number): number {
	const t = k / 1236.85;
	const mean = 2_451_550.09766 + 29.530588861 * k + 0.00015437 * t ** 2 - 0.00000015 * t ** 3 + 0.00000000073 * t ** 4;
	const e = 1 - 0.002516 * t - 0.0000074 * t ** 2;
	const sun = 2.5534 + 29.1053567 * k - 0.0000014 * t ** 2;
	const moon = 201.5643 + 385.81693528 * k + 0.0107582 * t ** 2 + 0.00001238 * t ** 3;
	const latitude = 160.7108 + 390.67050284 * k - 0.0016118 * t ** 2 - 0.00000227 * t ** 3;
	const node = 124.7746 - 1.56375588 * k + 0.0020672 * t ** 2;
	const periodic =
		-0.4072 * sin(moon) +
		0.17241 * e * sin(sun) +
		0.01608 * sin(2 * moon) +
		0.01039 * sin(2 * latitude) +
		0.00739 * e * sin(moon - sun) -
		0.00514 * e * sin(moon + sun) +
		0.00208 * e * e * sin(2 * sun) -
		0.00111 * sin(moon - 2 * latitude) -
		0.00057 * sin(moon + 2 * latitude) +
		0.00056 * e * sin(2 * moon + sun) -
		0.00042 * sin(3 * moon) +
		0.00042 * e * sin(sun + 2 * latitude) +
		0.00038 * e * sin(sun - 2 * latitude) -
		0.00024 * e * sin(2 * moon - sun) -
		0.00017 * sin(node);
	const planets: Array<[amount: number, angle: number]> = [
		[0.000325, 299.77 + 0.107408 * k - 0.009173 * t ** 2],
		[0.000165, 251.88 + 0.016321 * k],
		[0.000164, 251.83 + 26.651886 * k],
		[0.000126, 349.42 + 36.412478 * k],
		[0.00011, 84.66 + 18.206239 * k],
		[0.000062, 141.74 + 53.303771 * k],
		[0.00006, 207.14 + 2.453732 * k],
		[0.000056, 154.84 + 7.30686 * k],
	];
	return toUniversal(planets.reduce((sum, [amount, angle]) => sum + amount * sin(angle), mean + periodic));
}

const lastNewMoonBefore = (moment: number): number => {
	let k = Math.floor((moment - J2000) / (29.530588861 * DAY)) + 2;
	while (dayOf(newMoon(k)) > dayOf(moment)) k--;
	return k;
};

export const isNewMoonDay = (midnight: number): boolean => {
	const noon = midnight - BEIJING + DAY / 2;
	return dayOf(newMoon(lastNewMoonBefore(noon))) === midnight;
};

export const nextNewMoonDay = (midnight: number): number =>
	dayOf(newMoon(lastNewMoonBefore(midnight - BEIJING + DAY / 2) + 1));

/** The apparent longitude of the sun in degrees, to a hundredth. */
function sunLongitude(moment: number): number {
	const year = 2000 + (moment - J2000) / (365.25 * DAY);
	const t = (moment + deltaT(year) - J2000) / (36_525 * DAY);
	const anomaly = 357.52911 + 35_999.05029 * t - 0.0001537 * t ** 2;
	const center =
		(1.914602 - 0.004817 * t - 0.000014 * t ** 2) * sin(anomaly) +
		(0.019993 - 0.000101 * t) * sin(2 * anomaly) +
		0.000289 * sin(3 * anomaly);
	const longitude =
		280.46646 + 36_000.76983 * t + 0.0003032 * t ** 2 + center - 0.00569 - 0.00478 * sin(125.04 - 1934.136 * t);
	return ((longitude % 360) + 360) % 360;
}

/** When the sun reaches a longitude from 0 (in March) to 270 (in December) in a year. */
export function solarTerm(year: number, longitude: number): number {
	let low = Date.UTC(year, 2, 15) + ((longitude - 5) / 360) * 365.25 * DAY;
	let high = low + 16 * DAY;
	while (high - low > 1000) {
		const middle = (low + high) / 2;
		const ahead = ((((sunLongitude(middle) - longitude) % 360) + 540) % 360) - 180;
		if (ahead < 0) low = middle;
		else high = middle;
	}
	return high;
}

/** The first day of the Chinese year: of twelve or thirteen months between two winter solstices, the leap month has no major term. */
export function newYearOf(year: number): string {
	const solsticeMonth = (of: number): number => lastNewMoonBefore(solarTerm(of, 270));
	const first = solsticeMonth(year - 1);
	const hasLeapMonth = solsticeMonth(year) - first === 13;
	const hasMajorTerm = (k: number): boolean => {
		const [begin, end] = [newMoon(k), newMoon(k + 1)].map((moon) => dayOf(moon) - BEIJING);
		return Math.floor(sunLongitude(begin) / 30) !== Math.floor(sunLongitude(end) / 30);
	};
	const leapBefore = hasLeapMonth && [first + 1, first + 2].some((k) => !hasMajorTerm(k));
	return new Date(dayOf(newMoon(first + (leapBefore ? 3 : 2)))).toISOString().slice(0, 10);
}
