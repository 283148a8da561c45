package sns_test

import (
	"encoding/json"
	"errors"
	"maps"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"
	"github.com/aws/smithy-go"

	"tamachi/internal/aws/apitest"
)

// answer is how a call ended: empty, or the code and the text of its error.
func answer(err error) string {
	if e, ok := errors.AsType[smithy.APIError](err); ok {
		return e.ErrorCode() + ": " + e.ErrorMessage()
	}
	if err != nil {
		return err.Error()
	}
	return ""
}

func TestWhatPublishTakes(t *testing.T) {
	f := start(t, apitest.Options{})
	of := func(kind, value string) map[string]types.MessageAttributeValue {
		return map[string]types.MessageAttributeValue{"a": {DataType: &kind, StringValue: &value}}
	}
	named := func(name string) map[string]types.MessageAttributeValue {
		return map[string]types.MessageAttributeValue{name: {DataType: aws.String("String"), StringValue: aws.String("x")}}
	}
	const invalid = "InvalidParameter: Invalid parameter: "
	for name, row := range map[string]struct {
		want string
		in   sns.PublishInput
	}{
		"a subject in Japanese":         {"", sns.PublishInput{Subject: aws.String("\u8b66\u5831: \u9ad8\u3044")}},
		"a hundred characters":          {"", sns.PublishInput{Subject: aws.String(strings.Repeat("\u8b66", 100))}},
		"one more":                      {invalid + "Subject", sns.PublishInput{Subject: aws.String(strings.Repeat("\u8b66", 101))}},
		"a line break":                  {invalid + "Subject", sns.PublishInput{Subject: aws.String("a\u2028b")}},
		"a control character":           {invalid + "Subject", sns.PublishInput{Subject: aws.String("a\u0085b")}},
		"a text beside what is none":    {"", sns.PublishInput{MessageStructure: aws.String("json"), Message: aws.String(`{"default":"x","http":{"a":1},"email":null}`)}},
		"no text by default":            {invalid + "Message Structure - No default entry in JSON message body", sns.PublishInput{MessageStructure: aws.String("json"), Message: aws.String(`{"default":1}`)}},
		"a group":                       {"", sns.PublishInput{MessageGroupId: aws.String("g!")}},
		"a group with a space":          {invalid + "MessageGroupId", sns.PublishInput{MessageGroupId: aws.String("g g")}},
		"a deduplication id":            {invalid + "MessageDeduplicationId Reason: The request includes MessageDeduplicationId parameter that is not valid for this topic type", sns.PublishInput{MessageDeduplicationId: aws.String("g")}},
		"a number":                      {"", sns.PublishInput{MessageAttributes: of("Number", "-1.5e3")}},
		"a word that JSON knows":        {"ParameterValueInvalid: The message attribute 'a' with type 'Number' must have a numeric value.", sns.PublishInput{MessageAttributes: of("Number", "true")}},
		"a number in quotes":            {"ParameterValueInvalid: The message attribute 'a' with type 'Number' must have a numeric value.", sns.PublishInput{MessageAttributes: of("Number", `"1"`)}},
		"a name that begins with a dot": {"ParameterValueInvalid: The message attribute '.a' has an invalid name.", sns.PublishInput{MessageAttributes: named(".a")}},
		"two dots":                      {"ParameterValueInvalid: The message attribute 'a..b' has an invalid name.", sns.PublishInput{MessageAttributes: named("a..b")}},
	} {
		row.in.TopicArn = f.topic
		if row.in.Message == nil {
			row.in.Message = aws.String("m")
		}
		_, err := f.Publish(t.Context(), &row.in)
		if got := answer(err); got != row.want {
			t.Errorf("%s: got %q, want %q", name, got, row.want)
		}
	}
	large := aws.String(strings.Repeat("x", 130<<10))
	entry := func(id string) types.PublishBatchRequestEntry {
		return types.PublishBatchRequestEntry{Id: &id, Message: aws.String("m"), MessageAttributes: of("String", *large)}
	}
	_, err := f.PublishBatch(t.Context(), &sns.PublishBatchInput{TopicArn: f.topic, PublishBatchRequestEntries: []types.PublishBatchRequestEntry{entry("1"), entry("2")}})
	if got := answer(err); !strings.HasPrefix(got, "BatchRequestTooLong") {
		t.Errorf("attributes beyond the limit: got %q", got)
	}
}

func TestFilterPoliciesFitTheirScope(t *testing.T) {
	f := start(t, apitest.Options{})
	const refused = "InvalidParameter: Invalid parameter: FilterPolicy: Filter policy "
	nested, body := `{"a":{"b":["x"]}}`, map[string]string{"FilterPolicyScope": "MessageBody"}
	many := func(n int) string {
		b, _ := json.Marshal(map[string][]string{"a": strings.Split(strings.Repeat("x,", n-1)+"x", ",")})
		return string(b)
	}
	for i, row := range []struct {
		policy string
		beside map[string]string
		want   string
	}{
		{`{"a":["x"],"b":[{"prefix":"y"}]}`, nil, ""},
		{nested, nil, refused + "scope MessageAttributes does not support nested filter policy"},
		{nested, body, ""},
		{`{"a":[1],"b":[1],"c":[1],"d":[1],"e":[1]}`, nil, ""},
		{`{"a":[1],"b":[1],"c":[1],"d":[1],"e":[1],"f":[1]}`, nil, refused + "can not have more than 5 keys"},
		{`{"a":{"b":[1],"c":[1],"d":[1],"e":[1],"f":[1],"g":[1]}}`, body, refused + "can not have more than 5 keys"},
		{many(150), nil, ""},
		{many(151), nil, refused + "is too complex"},
		{`{"a":{"b":` + strings.TrimSuffix(strings.TrimPrefix(many(76), `{"a":`), "}") + `}}`, body, refused + "is too complex"},
		{`{"$or":[{"a":[1]},{"b":[1]},{"c":[1]},{"d":[1]},{"e":[1]},{"f":[1]}]}`, nil, ""},
	} {
		attributes := map[string]string{"FilterPolicy": row.policy}
		maps.Copy(attributes, row.beside)
		_, err := f.Subscribe(t.Context(), &sns.SubscribeInput{
			TopicArn: f.topic, Protocol: aws.String("email"), Endpoint: aws.String(string(rune('a'+i)) + "@example.com"), Attributes: attributes,
		})
		if got := answer(err); got != row.want {
			t.Errorf("%.60s: got %q, want %q", row.policy, got, row.want)
		}
	}
	one, err := f.Subscribe(t.Context(), &sns.SubscribeInput{
		TopicArn: f.topic, Protocol: aws.String("email"), Endpoint: aws.String("z@example.com"), ReturnSubscriptionArn: true,
		Attributes: map[string]string{"FilterPolicy": nested, "FilterPolicyScope": "MessageBody"},
	})
	done(t, "subscribe", err)
	_, err = f.SetSubscriptionAttributes(t.Context(), &sns.SetSubscriptionAttributesInput{
		SubscriptionArn: one.SubscriptionArn, AttributeName: aws.String("FilterPolicyScope"), AttributeValue: aws.String("MessageAttributes"),
	})
	if got := answer(err); !strings.Contains(got, "does not support nested filter policy") {
		t.Errorf("another scope for a nested policy: got %q", got)
	}
}

func TestPoliciesOfTopicsAreAboutTopics(t *testing.T) {
	f := start(t, apitest.Options{})
	for text, want := range map[string]string{
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":["sns:Publish","s3:GetObject"],"Resource":"*"}]}`: "InvalidParameter: Invalid parameter: Policy statement action out of service scope!",
		`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*"}}`:                   "InvalidParameter: Invalid parameter: Policy statement action out of service scope!",
		`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"SNS:Publish","Resource":"*"}}`:                    "",
	} {
		_, err := f.SetTopicAttributes(t.Context(), &sns.SetTopicAttributesInput{TopicArn: f.topic, AttributeName: aws.String("Policy"), AttributeValue: &text})
		if got := answer(err); got != want {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
	}
	_, err := f.AddPermission(t.Context(), &sns.AddPermissionInput{TopicArn: f.topic, Label: aws.String(""), AWSAccountId: []string{"111122223333"}, ActionName: []string{"Publish"}})
	if got := answer(err); got != "InvalidParameter: Invalid parameter: Label" {
		t.Errorf("no label: got %q", got)
	}
	_, err = f.CreateTopic(t.Context(), &sns.CreateTopicInput{Name: aws.String("x.fifo"), Attributes: map[string]string{"FifoTopic": "true"}})
	if got := answer(err); !strings.Contains(got, "FIFO topics are not available here") {
		t.Errorf("a FIFO topic: got %q", got)
	}
}
