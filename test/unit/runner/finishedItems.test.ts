/** Tests what is kept of items that are done. */
import { readAccount } from '../../../lib/dingtalk/account';
import { FinishedItems } from '../../../lib/n8n/retries/finishedItems';

const itemsOf = (clientId: string): FinishedItems =>
	new FinishedItems({ parameters: {} }, readAccount({ clientId, clientSecret: 'secret' }));

it('keeps what is done of one account however much is done of another', () => {
	itemsOf('one').add('work', [{ id: 'a' }], []);
	for (let number = 0; number < 5; number++)
		itemsOf('two').add(`work ${number}`, [{ text: 'x'.repeat(5_000_000) }], []);
	expect(itemsOf('one').get('work')?.results).toEqual([{ id: 'a' }]);
	expect(itemsOf('two').has('work 0')).toBe(false);
	expect(itemsOf('two').has('work 4')).toBe(true);
});
