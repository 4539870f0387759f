p='test/unit/icalendar/icalendar.test.ts'; s=open(p).read()
a=s.index("	it.each([\n		['EXRULE:FREQ=WEEKLY'")
s=s[:a]+'''	const start = 'DTSTART:20260303T100000Z';
	const fine = ['END:VEVENT', 'BEGIN:VEVENT', start, 'SUMMARY:B'];

	it.each([
		['an alarm without an end', [start, 'SUMMARY:A', 'BEGIN:VALARM', 'TRIGGER:-PT5M', ...fine], 'has no END:VALARM'],
		['an event without an end', [start, 'SUMMARY:A', ...fine.slice(1)], 'has no END:VEVENT'],
		['an end without a beginning', [start, 'SUMMARY:A', 'END:VALARM', ...fine], 'has an END:VALARM without a BEGIN'],
		['two alarms in one', [start, 'BEGIN:VALARM', 'BEGIN:VALARM', 'TRIGGER:-PT5M', 'END:VALARM', ...fine], 'has no END:VALARM'],
	])('lets %s spoil only its own event', (_, lines, problem) => {
		const [damaged, whole, ...others] = readCalendarText(file(lines), 'Asia/Shanghai');
		expect(damaged.problems).toContain(problem);
		expect(whole).toMatchObject({ summary: 'B', start: '2026-03-03T10:00:00+00:00', problems: [] });
		expect(others).toEqual([]);
	});

	it('reports an event without a beginning as an item of its own', () => {
		const text = file([start, 'SUMMARY:A', 'END:VEVENT', start, 'SUMMARY:Lost', ...fine]);
		expect(readCalendarText(text, 'Asia/Shanghai').map(({ summary, problems }) => [summary, problems])).toEqual([
			['A', []],
			['', ['has no BEGIN:VEVENT', 'has no valid start']],
			['B', []],
		]);
	});

	it('does not read times in a time zone whose description has no end', () => {
		const own = ['BEGIN:VTIMEZONE', 'TZID:Our Office', 'BEGIN:STANDARD', 'TZOFFSETTO:+0800', 'END:VTIMEZONE'];
		expect(only(file(['DTSTART;TZID=Our Office:20260303T100000'], own)).problems).toEqual([
			'has an unknown time zone: Our Office',
		]);
	});

	it.each([
		['ATTENDEE;CN="Jane:mailto:jane@example.com', 'has a line that cannot be read: ATTENDEE;CN="Jane:mailto:jane@example.co'],
		['RRULE FREQ=DAILY', 'has a line that cannot be read: RRULE FREQ=DAILY'],
		['DTEND:later', 'has no valid end: later'],
		['DTEND;VALUE=DATE:20260304', 'has a time of day only at its start or only at its end'],
		['DURATION:one hour', 'has no valid length: one hour'],
		['RRULE:FREQ=DAILY\\r\\nEXDATE:20260304T100000Z,soon', 'has a date that cannot be read (EXDATE): soon'],
		['RDATE:soon', 'has a date that cannot be read (RDATE): soon'],
		['RECURRENCE-ID:soon', 'has a date that cannot be read (RECURRENCE-ID): soon'],
		[
			'RECURRENCE-ID;RANGE=THISANDFUTURE:20260303T100000Z',
			'changes this and all following dates of a series (RANGE=THISANDFUTURE)',
		],
		...[
			['FREQ=DAILY;RSCALE=CHINESE', 'has a part that cannot be read: RSCALE'],
			['FREQ=DAILY;COUNT=', 'has a part that cannot be read: COUNT'],
			['FREQ=DAILY;COUNT=2;UNTIL=20260401', 'ends both after a number of dates and on a date'],
			['FREQ=WEEKLY;WKST=XX', 'begins the week on an unknown day: XX'],
		].map(([rule, reason]) => [
			`RRULE:${rule}`,
			`has a recurrence rule that DingTalk does not support: it ${reason} (${rule})`,
		]),
	])('does not call an event whole that lost %s', (line, problem) =>
		expect(only(file([start, line])).problems).toContain(problem),
	);

	it('ignores unreadable lines of extensions, and a semicolon at the end of a rule', () =>
		expect(only(file([start, 'X-NOTE', '', 'RRULE:FREQ=DAILY;'])).problems).toEqual([]));

'''+s[a:]
s=s.replace('''		// Others get a turn at least every 2,000 lines and every 50 events.
''','''		// Others get a turn at least every 2,000 lines and every 50 events.
''')
a=s.index("});\n\ndescribe('Writing hostile events'")
s=s[:a]+'''
	it('gives others a turn within the dates of one event', () => {
		const dates = Array.from({ length: 5_000 }, (_, i) => `202603${String((i % 28) + 1).padStart(2, '0')}T100000Z`);
		const text = file([start, 'RRULE:FREQ=DAILY', `EXDATE:${dates.join(',')}`]);
		const steps = readCalendar({ text }, { defaultZone: 'UTC', maxEvents: 1 });
		let turns = 0;
		while (!steps.next().done) turns += 1;
		expect(turns).toBeGreaterThanOrEqual(5);
	});
'''+s[a:]
open(p,'w').write(s)
