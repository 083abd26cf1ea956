package signing

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"kontor/internal/licensing"
)

// A receipt is one line of JSON, {"receipt":PAYLOAD,"algorithm":"ed25519","signature":"BASE64"}. The signature is over
// "receipt/" and the payload's bytes as they stand there, so that checking it needs neither another encoding nor a rule
// for writing JSON.
const (
	receiptBegin  = `{"receipt":`
	receiptMiddle = `,"algorithm":"ed25519","signature":"`
	receiptEnd    = `"}`

	// receiptPrefix is put before the payload when it is signed, so that nothing else that is signed can pass for one.
	receiptPrefix = "receipt/"
)

// Why a receipt is refused; each is a sentence for the person who runs the check.
var (
	ErrNotReceipt       = errors.New("this is not a receipt, or it was written anew: it has to be the file as it was handed out")
	ErrReceiptSignature = errors.New("the signature does not fit: the receipt was changed, or signed with another key than the public key given")
)

// ReceiptSigner signs receipts with one Ed25519 key; it implements licensing.ReceiptSigner. It may be used by several
// goroutines at once.
type ReceiptSigner struct {
	key ed25519.PrivateKey
}

var _ licensing.ReceiptSigner = (*ReceiptSigner)(nil)

// NewReceiptSigner makes a signer whose key is derived from the master key. The error says that master is none.
func NewReceiptSigner(master []byte) (*ReceiptSigner, error) {
	key, err := SigningKey(master, PurposeReceipts)
	if err != nil {
		return nil, err
	}
	return &ReceiptSigner{key}, nil
}

// PublicKey returns the key that verifies what the signer signs.
func (s *ReceiptSigner) PublicKey() ed25519.PublicKey { return s.key.Public().(ed25519.PublicKey) }

// Receipt implements licensing.ReceiptSigner. Payload is JSON without line breaks.
func (s *ReceiptSigner) Receipt(payload []byte) string {
	return receiptText(payload, ed25519.Sign(s.key, receiptMessage(payload)))
}

func receiptMessage(payload []byte) []byte { return append([]byte(receiptPrefix), payload...) }

func receiptText(payload, signature []byte) string {
	return receiptBegin + string(payload) + receiptMiddle + base64.StdEncoding.EncodeToString(signature) + receiptEnd + "\n"
}

// VerifyReceipt checks a receipt offline: its form, and its signature by any of the public keys. It returns the payload,
// which licensing.ReadReceipt reads. The error is ErrNotReceipt or ErrReceiptSignature. Line ends after the receipt may
// be others than they were; nothing else may.
func VerifyReceipt(file []byte, publicKeys []ed25519.PublicKey) (payload []byte, err error) {
	text := strings.TrimRight(string(file), "\r\n")
	if len(file) > maxFileSize || !strings.HasPrefix(text, receiptBegin) || !strings.HasSuffix(text, receiptEnd) {
		return nil, ErrNotReceipt
	}
	middle := strings.LastIndex(text, receiptMiddle)
	if middle < len(receiptBegin) || middle+len(receiptMiddle) > len(text)-len(receiptEnd) {
		return nil, ErrNotReceipt
	}
	payload = []byte(text[len(receiptBegin):middle])
	signature, err := strictBase64.DecodeString(text[middle+len(receiptMiddle) : len(text)-len(receiptEnd)])
	if err != nil || !json.Valid(payload) || receiptText(payload, signature) != text+"\n" {
		return nil, ErrNotReceipt
	}
	message := receiptMessage(payload)
	signedBy := func(k ed25519.PublicKey) bool {
		return len(k) == ed25519.PublicKeySize && ed25519.Verify(k, message, signature)
	}
	if !slices.ContainsFunc(publicKeys, signedBy) {
		return nil, ErrReceiptSignature
	}
	return payload, nil
}
