package vault

import "fmt"

// SealSettings seals a set of settings under the book's sealing key. number is that of the book's settings, from 1.
func (v *Vault) SealSettings(number int64, plaintext []byte) ([]byte, error) {
	if number < 1 {
		return nil, fmt.Errorf("seal settings of book %s: there is no number %d", v.book, number)
	}
	p := v.place()
	defer v.places.Put(p)
	b, err := v.sealing.Encrypt(plaintext, p.settings(v.book, number))
	if err != nil {
		return nil, fmt.Errorf("seal settings of book %s: %w", v.book, err)
	}
	return b, nil
}

// OpenSettings gives what SealSettings was given for that number.
func (v *Vault) OpenSettings(number int64, sealed []byte) ([]byte, error) {
	p := v.place()
	defer v.places.Put(p)
	b, err := v.sealing.Decrypt(sealed, p.settings(v.book, number))
	if err != nil {
		return nil, fmt.Errorf("open settings of book %s, number %d: %w", v.book, number, errOpen)
	}
	return b, nil
}
