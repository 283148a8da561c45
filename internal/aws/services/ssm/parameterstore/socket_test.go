package parameterstore_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/apitest"
)

// client is an SDK client of a plane, over a socket.
type client struct {
	*ssm.Client
	t *testing.T
}

func open(t *testing.T) client {
	t.Helper()
	return client{ssm.NewFromConfig(apitest.Start(t, apitest.Options{}).Config()), t}
}

// put stores a String and returns its version; change may alter the request.
func (c client) put(name, value string, change ...func(*ssm.PutParameterInput)) int64 {
	c.t.Helper()
	out, err := c.tryPut(name, value, change...)
	if err != nil {
		c.t.Fatalf("put %s: %v", name, err)
	}
	return out.Version
}

func (c client) tryPut(name, value string, change ...func(*ssm.PutParameterInput)) (*ssm.PutParameterOutput, error) {
	in := &ssm.PutParameterInput{Name: &name, Value: &value, Type: types.ParameterTypeString}
	for _, f := range change {
		f(in)
	}
	return c.PutParameter(c.t.Context(), in)
}

func overwrite(in *ssm.PutParameterInput) { in.Overwrite = aws.Bool(true) }

func advanced(in *ssm.PutParameterInput) { in.Tier = types.ParameterTierAdvanced }

// get returns the value that a name means.
func (c client) get(name string) string {
	c.t.Helper()
	out, err := c.GetParameter(c.t.Context(), &ssm.GetParameterInput{Name: &name})
	if err != nil {
		c.t.Fatalf("get %s: %v", name, err)
	}
	return *out.Parameter.Value
}

func TestAParameterComesBackAsItWasPut(t *testing.T) {
	c := open(t)
	if v := c.put("/office/tokyo/room", "Fuji ✓", func(in *ssm.PutParameterInput) { in.Description = aws.String("where we meet") }); v != 1 {
		t.Errorf("want version 1, got %d", v)
	}
	out, err := c.GetParameter(t.Context(), &ssm.GetParameterInput{Name: aws.String("/office/tokyo/room")})
	if err != nil {
		t.Fatal(err)
	}
	p := out.Parameter
	if *p.Value != "Fuji ✓" || p.Type != types.ParameterTypeString || *p.DataType != "text" || p.Selector != nil ||
		!strings.HasSuffix(*p.ARN, ":parameter/office/tokyo/room") || p.LastModifiedDate == nil {
		t.Errorf("got %+v", p)
	}
	if v := c.put("/office/tokyo/room", "Aso", overwrite); v != 2 {
		t.Errorf("want version 2, got %d", v)
	}
	for name, want := range map[string]string{
		"/office/tokyo/room": "Aso", "/office/tokyo/room:1": "Fuji ✓", "/office/tokyo/room:2": "Aso", *p.ARN: "Aso", *p.ARN + ":1": "Fuji ✓",
		" /office/tokyo/room ": "Aso",
	} {
		if got := c.get(name); got != want {
			t.Errorf("%s: want %q, got %q", name, want, got)
		}
	}
	_, err = c.GetParameter(t.Context(), &ssm.GetParameterInput{Name: aws.String("/office/tokyo/room:3")})
	apitest.Refused(t, "GetParameter", err, "ParameterVersionNotFound", "could not find version 3 of /office/tokyo/room")
	_, err = c.GetParameter(t.Context(), &ssm.GetParameterInput{Name: aws.String("/office/osaka")})
	apitest.Refused(t, "GetParameter", err, "ParameterNotFound", "")
	_, err = c.GetParameter(t.Context(), &ssm.GetParameterInput{Name: aws.String("/office/a b")})
	apitest.Refused(t, "GetParameter", err, "ValidationException", "spaces")
}

func TestWhatPutParameterRefuses(t *testing.T) {
	c := open(t)
	c.put("/have/it", "a")
	c.put("/have/advanced", "a", advanced)
	tests := []struct {
		name, parameter, value string
		change                 func(*ssm.PutParameterInput)
		code, text             string
	}{
		{"a name that exists, without Overwrite", "/have/it", "b", nil, "ParameterAlreadyExists", "set the overwrite option in the request to true"},
		{"another type", "/have/it", "b", func(in *ssm.PutParameterInput) { overwrite(in); in.Type = types.ParameterTypeStringList }, "HierarchyTypeMismatchException", "changing a parameter type"},
		{"no type for a new name", "/new", "b", func(in *ssm.PutParameterInput) { in.Type = "" }, "ValidationException", "A parameter type is required when you create a parameter."},
		{"a reserved name", "aws.x", "b", nil, "ValidationException", `can't be prefixed with "aws" or "ssm"`},
		{"a reserved name under a slash", "/SSM/x", "b", nil, "ValidationException", `can't be prefixed with "ssm"`},
		{"the public namespace", "/aws/service/x", "b", nil, "AccessDeniedException", "No access to reserved parameter name: /aws/service/x."},
		{"a letter that names do not have", "/a/ä", "b", nil, "ValidationException", "letters, numbers and the following 3 symbols .-_"},
		{"a space inside", "/a/b c", "b", nil, "ValidationException", "spaces"},
		{"a path that does not begin with a slash", "a/b", "b", nil, "ValidationException", "fully qualified name"},
		{"a slash at the end", "/a/", "b", nil, "ValidationException", "must not end with slash"},
		{"sixteen levels", strings.Repeat("/a", 16), "b", nil, "HierarchyLevelLimitExceededException", "15 levels"},
		{"a name that is too long", "/" + strings.Repeat("a", 1000), "b", nil, "ValidationException", "1011"},
		{"no value", "/new", "", nil, "ValidationException", "Value '' at 'value'"},
		{"a value in a value", "/new", "{{ssm:x}}", nil, "ValidationException", "can't nest"},
		{"4,097 bytes in the standard tier", "/new", strings.Repeat("x", 4097), nil, "ValidationException", "Standard tier parameters support a maximum parameter value of 4096 characters."},
		{"8,193 bytes", "/new", strings.Repeat("x", 8193), advanced, "ValidationException", "8192"},
		{"back to the standard tier", "/have/advanced", "b", func(in *ssm.PutParameterInput) { overwrite(in); in.Tier = types.ParameterTierStandard }, "ValidationException", "can't downgrade"},
		{"tags with Overwrite", "/have/it", "b", func(in *ssm.PutParameterInput) {
			overwrite(in)
			in.Tags = []types.Tag{{Key: aws.String("a"), Value: aws.String("b")}}
		}, "ValidationException", "tags and overwrite can't be used together"},
		{"a reserved tag", "/new", "b", func(in *ssm.PutParameterInput) {
			in.Tags = []types.Tag{{Key: aws.String("aws:a"), Value: aws.String("b")}}
		}, "ValidationException", "aws:"},
		{"a value beside its pattern", "/new", "b", func(in *ssm.PutParameterInput) { in.AllowedPattern = aws.String(`^\d+$`) }, "ParameterPatternMismatchException", `cannot be validated against allowedPattern: ^\d+$`},
		{"a pattern that is none", "/new", "b", func(in *ssm.PutParameterInput) { in.AllowedPattern = aws.String(`(`) }, "InvalidAllowedPatternException", ""},
		{"a data type that there is not", "/new", "b", func(in *ssm.PutParameterInput) { in.DataType = aws.String("Text") }, "ValidationException", "The following data type is not supported: Text"},
		{"an image", "/new", "ami-12345678", func(in *ssm.PutParameterInput) { in.DataType = aws.String("aws:ec2:image") }, "ValidationException", "aws:ec2:image"},
		{"an integration elsewhere", "/new", "b", func(in *ssm.PutParameterInput) { in.DataType = aws.String("aws:ssm:integration") }, "ValidationException", "SecureString"},
		{"a key for a String", "/new", "b", func(in *ssm.PutParameterInput) { in.KeyId = aws.String("alias/aws/ssm") }, "ValidationException", "KeyId"},
		{"policies in the standard tier", "/new", "b", func(in *ssm.PutParameterInput) {
			in.Policies = aws.String(`[{"Type":"NoChangeNotification","Version":"1.0","Attributes":{"After":"20","Unit":"Days"}}]`)
		}, "ValidationException", "policies"},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			if tc.change == nil {
				tc.change = func(*ssm.PutParameterInput) {}
			}
			_, err := c.tryPut(tc.parameter, tc.value, tc.change)
			apitest.Refused(t, "tryPut", err, tc.code, tc.text)
		})
	}
	out, err := c.DescribeParameters(t.Context(), &ssm.DescribeParametersInput{})
	if err != nil || len(out.Parameters) != 2 || c.get("/have/it") != "a" {
		t.Errorf("a refused call left something: %+v, %v", out.Parameters, err)
	}
}

func TestVersionsAreKeptUpToAHundred(t *testing.T) {
	c := open(t)
	for i := range 100 {
		c.put("/many", fmt.Sprint(i+1), overwrite)
	}
	label := func(n int64, labels ...string) *ssm.LabelParameterVersionOutput {
		t.Helper()
		out, err := c.LabelParameterVersion(t.Context(), &ssm.LabelParameterVersionInput{Name: aws.String("/many"), ParameterVersion: &n, Labels: labels})
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	label(1, "first")
	_, err := c.tryPut("/many", "101", overwrite)
	apitest.Refused(t, "tryPut", err, "ParameterMaxVersionLimitExceeded", "Version 1, the oldest version, can't be deleted because it has a label")
	if out := label(2, "first", "9x", "awsome", "a b"); len(out.InvalidLabels) != 3 || out.ParameterVersion != 2 {
		t.Errorf("want three invalid labels and version 2, got %+v", out)
	}
	if got := c.get("/many:first"); got != "2" {
		t.Errorf("want the label to have moved to version 2, got %s", got)
	}
	if v := c.put("/many", "101", overwrite); v != 101 {
		t.Errorf("want version 101, got %d", v)
	}
	var seen []string
	pages := ssm.NewGetParameterHistoryPaginator(c.Client, &ssm.GetParameterHistoryInput{Name: aws.String("/many"), MaxResults: aws.Int32(33)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range page.Parameters {
			seen = append(seen, *p.Value)
		}
	}
	if len(seen) != 100 || seen[0] != "2" || seen[99] != "101" {
		t.Errorf("want versions 2 to 101, got %v", seen)
	}
	_, err = c.GetParameter(t.Context(), &ssm.GetParameterInput{Name: aws.String("/many:1")})
	apitest.Refused(t, "GetParameter", err, "ParameterVersionNotFound", "version 1 of /many")
	_, err = c.GetParameterHistory(t.Context(), &ssm.GetParameterHistoryInput{Name: aws.String("/none")})
	apitest.Refused(t, "GetParameterHistory", err, "ParameterNotFound", "")
	_, err = c.GetParameterHistory(t.Context(), &ssm.GetParameterHistoryInput{Name: aws.String("/many"), NextToken: aws.String("x")})
	apitest.Refused(t, "GetParameterHistory", err, "InvalidNextToken", "")
}

func TestLabels(t *testing.T) {
	c := open(t)
	c.put("/l", "1")
	c.put("/l", "2", overwrite)
	name := aws.String("/l")
	ten := []string{"a", "b", "c", "d", "e", "f", "g", "h", "i", "j"}
	if _, err := c.LabelParameterVersion(t.Context(), &ssm.LabelParameterVersionInput{Name: name, Labels: ten}); err != nil {
		t.Fatal(err)
	}
	_, err := c.LabelParameterVersion(t.Context(), &ssm.LabelParameterVersionInput{Name: name, Labels: []string{"k"}})
	apitest.Refused(t, "LabelParameterVersion", err, "ParameterVersionLabelLimitExceeded", "maximum 10 labels")
	_, err = c.LabelParameterVersion(t.Context(), &ssm.LabelParameterVersionInput{Name: name, Labels: []string{"k"}, ParameterVersion: aws.Int64(3)})
	apitest.Refused(t, "LabelParameterVersion", err, "ParameterVersionNotFound", "version 3")
	out, err := c.UnlabelParameterVersion(t.Context(), &ssm.UnlabelParameterVersionInput{Name: name, ParameterVersion: aws.Int64(2), Labels: []string{"a", "z"}})
	if err != nil || len(out.RemovedLabels) != 1 || len(out.InvalidLabels) != 1 {
		t.Errorf("want one removed and one invalid, got %+v, %v", out, err)
	}
	_, err = c.GetParameter(t.Context(), &ssm.GetParameterInput{Name: aws.String("/l:a")})
	apitest.Refused(t, "GetParameter", err, "ParameterVersionNotFound", "could not find label a for parameter /l")
	_, err = c.UnlabelParameterVersion(t.Context(), &ssm.UnlabelParameterVersionInput{Name: aws.String("/none"), ParameterVersion: aws.Int64(2), Labels: []string{"a"}})
	apitest.Refused(t, "UnlabelParameterVersion", err, "ParameterNotFound", "")
	got, err := c.GetParameter(t.Context(), &ssm.GetParameterInput{Name: aws.String("/l:b")})
	if err != nil || *got.Parameter.Selector != ":b" || *got.Parameter.Value != "2" {
		t.Errorf("want version 2 by its label, got %+v, %v", got, err)
	}
}

func TestManyAtOnce(t *testing.T) {
	c := open(t)
	c.put("b", "2")
	c.put("/a/x", "1")
	out, err := c.GetParameters(t.Context(), &ssm.GetParametersInput{Names: []string{"b", "/none", "/a/x:1", "b:7"}})
	if err != nil {
		t.Fatal(err)
	}
	if len(out.Parameters) != 2 || *out.Parameters[0].Name != "/a/x" || strings.Join(out.InvalidParameters, " ") != "/none b:7" {
		t.Errorf("got %+v, invalid %v", out.Parameters, out.InvalidParameters)
	}
	_, err = c.GetParameters(t.Context(), &ssm.GetParametersInput{Names: make([]string, 11)})
	apitest.Refused(t, "GetParameters", err, "ValidationException", "")
	gone, err := c.DeleteParameters(t.Context(), &ssm.DeleteParametersInput{Names: []string{"b", "/none"}})
	if err != nil || strings.Join(gone.DeletedParameters, " ") != "b" || strings.Join(gone.InvalidParameters, " ") != "/none" {
		t.Errorf("got %+v, %v", gone, err)
	}
	_, err = c.DeleteParameters(t.Context(), &ssm.DeleteParametersInput{Names: make([]string, 11)})
	apitest.Refused(t, "DeleteParameters", err, "ValidationException", "")
	if _, err := c.DeleteParameter(t.Context(), &ssm.DeleteParameterInput{Name: aws.String("/a/x")}); err != nil {
		t.Fatal(err)
	}
	_, err = c.DeleteParameter(t.Context(), &ssm.DeleteParameterInput{Name: aws.String("/a/x")})
	apitest.Refused(t, "DeleteParameter", err, "ParameterNotFound", "")
	if v := c.put("/a/x", "again"); v != 1 {
		t.Errorf("want a new parameter to begin at version 1, got %d", v)
	}
}
