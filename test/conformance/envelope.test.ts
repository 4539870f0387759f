/** Decrypts the encrypted pushes that DingTalk has published as samples. */
import { InvalidEnvelope, decrypted, seal, signatureOf, unseal, type SealedText } from '../simulator/push/envelope';

/** The two samples that DingTalk has published, each with a pad that AES by itself does not allow. */
const SAMPLES = [
	{
		token: '123456',
		aesKey: '1234567890123456789012345678901234567890123',
		ownerKey: 'dingsnotzck6pm5veliw',
		timestamp: '1614767836',
		nonce: 'A7Co0cJLMzIDtMMI',
		signature: '9a95a004dd16f5c307e849b994173f76aa26e5eb',
		encrypt: 'YvkvaGe4hQxd3VxRmEty0dVlnCOAqwf56xwTRHDHoOURqhalbmBJQk5FNcRk42Gl5T0YQXZNwpwWSm1xAFJ5ZA==',
		text: 'success',
	},
	{
		token: '123456',
		aesKey: '4g5j64qlyl3zvetqxz5jiocdr586fn2zvjpa8zls3ij',
		ownerKey: 'suite4xxxxxxxxxxxxxxx',
		timestamp: '1445827045067',
		nonce: 'nEXhMP4r',
		signature: '5a65ceeef9aab2d149439f82dc191dd6c5cbe2c0',
		encrypt:
			'1a3NBxmCFwkCJvfoQ7WhJHB+iX3qHPsc9JbaDznE1i03peOk1LaOQoRz3+nlyGNhwmwJ3vDMG+OzrHMeiZI7gTRWVdUBmfxjZ8Ej23JVYa9VrYeJ5as7XM/ZpulX8NEQis44w53h1qAgnC3PRzM7Zc/D6Ibr0rgUathB6zRHP8PYrfgnNOS9PhSBdHlegK+AGGanfwjXuQ9+0pZcy0w9lQ==',
		text: '{"EventType":"check_create_suite_url","Random":"LPIdSnlF","TestSuiteKey":"suite4xxxxxxxxxxxxxxx"}',
	},
];

describe.each(SAMPLES)("DingTalk's sample for $ownerKey", (sample) => {
	test('has the signature that the simulator computes', () => {
		expect(signatureOf(sample.token, sample.timestamp, sample.nonce, sample.encrypt)).toBe(sample.signature);
	});

	test('is decrypted by the simulator', () => {
		expect(unseal(sample, sample)).toBe(sample.text);
		expect(decrypted(sample.encrypt, sample.aesKey)).toEqual({ text: sample.text, ownerKey: sample.ownerKey });
	});
});

const [keys] = SAMPLES;

test('Texts of any length, also in Chinese, survive encryption and decryption', () => {
	for (let length = 0; length <= 70; length++) {
		const text = '周会'.repeat(length).slice(0, length);
		const sealed = seal(text, keys, '1700000000000');
		expect(unseal(sealed, keys)).toBe(text);
		expect(Buffer.from(sealed.encrypt, 'base64').length % 32).toBe(0);
	}
});

test('Equal texts are encrypted to different ciphertexts', () => {
	const [one, other] = [seal('success', keys, '1'), seal('success', keys, '1')];
	expect(one.encrypt).not.toBe(other.encrypt);
	expect(one.nonce).not.toBe(other.nonce);
});

const spoil: Array<[string, (sealed: SealedText) => SealedText, string]> = [
	['a changed nonce', (sealed) => ({ ...sealed, nonce: 'another' }), 'wrong signature'],
	['a changed timestamp', (sealed) => ({ ...sealed, timestamp: '2' }), 'wrong signature'],
	['another owner', () => seal('success', { ...keys, ownerKey: 'another' }, '1'), 'wrong owner key'],
	['another key', () => seal('success', { ...keys, aesKey: SAMPLES[1].aesKey }, '1'), 'wrong padding'],
];

test.each(spoil)('A message with %s is rejected', (_name, change, complaint) => {
	const sealed = change(seal('success', keys, '1'));
	expect(() => unseal(sealed, keys)).toThrow(InvalidEnvelope);
	expect(() => unseal(sealed, keys)).toThrow(complaint);
});
