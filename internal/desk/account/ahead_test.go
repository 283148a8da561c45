package account

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

func TestTheirs(t *testing.T) {
	const answer = `<GetCallerIdentityResponse><GetCallerIdentityResult><Account>1</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`
	for _, row := range []struct {
		name  string
		ahead time.Duration // of us
		back  bool
	}{
		{"clocks that agree", 0, false},
		{"a machine that is behind", -time.Minute, false},
		{"a machine that is a minute ahead", time.Minute, true},
	} {
		t.Run(row.name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Date", time.Now().Add(-row.ahead).UTC().Format(http.TimeFormat))
				w.Write([]byte(answer))
			}))
			defer server.Close()
			a := &Account{Identity: sts.New(sts.Options{
				Region: "ap-northeast-1", BaseEndpoint: aws.String(server.URL), Credentials: credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", "secret", ""),
			})}
			at := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
			got, err := a.Theirs(t.Context(), at)
			if err != nil {
				t.Fatal(err)
			}
			moved := at.Sub(got)
			if row.back && (moved < row.ahead-2*time.Second || moved > row.ahead+2*time.Second) || !row.back && moved > 2*time.Second {
				t.Errorf("moved by %v, the machine is %v ahead", moved, row.ahead)
			}
		})
	}
}
