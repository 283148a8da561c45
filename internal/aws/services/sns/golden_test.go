package sns

import (
	"testing"
	"time"

	"tamachi/internal/store/storetest"
)

func TestStoredForms(t *testing.T) {
	at := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	const name = "arn:aws:sns:ap-northeast-1:111122223333:t"
	storetest.Golden(t, &topics, &topic{
		Name: "t", Account: "111122223333", Region: "ap-northeast-1", Attributes: map[string]string{"DisplayName": "d"}, Tags: map[string]string{"k": "v"}, Deleted: 1,
	})
	storetest.Golden(t, &subscriptions, &subscription{
		ID: "i", Topic: name, Owner: "444455556666", Protocol: "https", Endpoint: "https://example.com", State: statePending,
		Attributes: map[string]string{"RawMessageDelivery": "true"}, Token: "d", Expires: at, Proved: true, Guarded: true,
	})
	storetest.Golden(t, &deliveries, &delivery{
		Due: at, ID: "m", Kind: typeNotification, Topic: name, Subscription: name + ":i", Endpoint: "https://example.com", ContentType: "text/plain",
		Raw: true, Body: "b", Retries: usualRetries, Tried: 1,
	})
}
