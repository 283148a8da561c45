package apitest

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
)

// Node registers a managed node over the socket, which no agent serves, and
// returns its id: for tests of rooms that keep something about nodes.
func (p *Plane) Node(tags map[string]string) string {
	p.t.Helper()
	in := &ssm.CreateActivationInput{IamRole: aws.String(p.NodeRole())}
	for k, v := range tags {
		in.Tags = append(in.Tags, types.Tag{Key: &k, Value: &v})
	}
	activation, err := ssm.NewFromConfig(p.Config()).CreateActivation(p.t.Context(), in)
	if err != nil {
		p.t.Fatal(err)
	}
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		p.t.Fatal(err)
	}
	der, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		p.t.Fatal(err)
	}
	body, err := json.Marshal(map[string]string{
		"ActivationId": *activation.ActivationId, "ActivationCode": *activation.ActivationCode, "Fingerprint": *activation.ActivationId,
		"PublicKey": base64.StdEncoding.EncodeToString(der), "PublicKeyType": "Rsa",
	})
	if err != nil {
		p.t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(p.t.Context(), http.MethodPost, p.Access().HTTP, bytes.NewReader(body))
	if err != nil {
		p.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-amz-json-1.1")
	r.Header.Set("X-Amz-Target", "AmazonSSM.RegisterManagedInstance")
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		p.t.Fatal(err)
	}
	defer res.Body.Close()
	var out struct{ InstanceId string }
	if err := json.NewDecoder(res.Body).Decode(&out); err != nil || out.InstanceId == "" {
		p.t.Fatalf("register a node: %s, %v", res.Status, err)
	}
	return out.InstanceId
}
