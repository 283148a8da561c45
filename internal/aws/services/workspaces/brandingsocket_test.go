package workspaces_test

import (
	"bytes"
	"image"
	"image/png"
	"io"
	"math/rand/v2"
	"net/http"
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"
)

// TestBrandingOverASocket imports a look, fetches its logo as a browser does,
// replaces and deletes it.
func TestBrandingOverASocket(t *testing.T) {
	w, ctx := overASocket(t), t.Context()
	w.done(w.RegisterWorkspaceDirectory(ctx, &sdk.RegisterWorkspaceDirectoryInput{DirectoryId: &w.directory}))
	var picture bytes.Buffer
	w.done(nil, png.Encode(&picture, image.NewGray(image.Rect(0, 0, 4, 4))))
	brand := func(a *types.DefaultImportClientBrandingAttributes) (*sdk.ImportClientBrandingOutput, error) {
		return w.ImportClientBranding(ctx, &sdk.ImportClientBrandingInput{ResourceId: &w.directory, DeviceTypeWeb: a})
	}
	message := func(locale, text string) *types.DefaultImportClientBrandingAttributes {
		return &types.DefaultImportClientBrandingAttributes{Logo: picture.Bytes(), SupportEmail: new("it@example.com"), LoginMessage: map[string]string{locale: text}}
	}
	w.no("InvalidParameterValuesException")(brand(nil))
	w.no("InvalidParameterValuesException")(brand(message("ja_JP", "x")))
	w.no("InvalidParameterValuesException")(brand(message("en_US", "<script>x</script>")))
	w.no("InvalidParameterValuesException")(brand(&types.DefaultImportClientBrandingAttributes{Logo: []byte("GIF89a")}))
	w.no("InvalidParameterValuesException")(brand(&types.DefaultImportClientBrandingAttributes{SupportEmail: new("it@example.com"), SupportLink: new("https://it.example.com")}))
	made, err := brand(message("en_US", "<p>Welcome</p>"))
	w.done(made, err)
	described := func() *sdk.DescribeClientBrandingOutput {
		t.Helper()
		out, err := w.DescribeClientBranding(ctx, &sdk.DescribeClientBrandingInput{ResourceId: &w.directory})
		w.done(out, err)
		return out
	}
	if d := described(); d.DeviceTypeWeb == nil || *d.DeviceTypeWeb.LogoUrl != *made.DeviceTypeWeb.LogoUrl || d.DeviceTypeWeb.LoginMessage["en_US"] != "<p>Welcome</p>" || d.DeviceTypeOsx != nil {
		t.Errorf("got %+v", d)
	}
	fetch := func(url string) (int, []byte) {
		t.Helper()
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
		w.done(r, err)
		res, err := http.DefaultClient.Do(r)
		w.done(res, err)
		defer res.Body.Close()
		b, err := io.ReadAll(res.Body)
		w.done(b, err)
		return res.StatusCode, b
	}
	if code, b := fetch(*made.DeviceTypeWeb.LogoUrl); code != http.StatusOK || !bytes.Equal(b, picture.Bytes()) {
		t.Errorf("the logo: %d, %d bytes", code, len(b))
	}
	large := noise(t)
	if made, err = brand(&types.DefaultImportClientBrandingAttributes{Logo: large}); err != nil {
		t.Fatalf("a logo of %d bytes, of 1,500,000 that there may be: %v", len(large), err)
	}
	if code, b := fetch(*made.DeviceTypeWeb.LogoUrl); code != http.StatusOK || !bytes.Equal(b, large) {
		t.Errorf("the large logo: %d, %d bytes", code, len(b))
	}
	again, err := brand(&types.DefaultImportClientBrandingAttributes{SupportLink: new("https://it.example.com")})
	w.done(again, err)
	if a := again.DeviceTypeWeb; a.LogoUrl != nil || a.SupportEmail != nil || *a.SupportLink != "https://it.example.com" {
		t.Errorf("want the new look alone, got %+v", a)
	}
	if code, _ := fetch(*made.DeviceTypeWeb.LogoUrl); code != http.StatusNotFound {
		t.Errorf("the old logo is still there: %d", code)
	}
	remove := func(directory string) (any, error) {
		return w.DeleteClientBranding(ctx, &sdk.DeleteClientBrandingInput{ResourceId: &directory, Platforms: []types.ClientDeviceType{types.ClientDeviceTypeDeviceTypeWeb}})
	}
	w.done(remove(w.directory))
	w.no("ResourceNotFoundException")(remove("d-ffffffffff"))
	w.no("ResourceNotFoundException")(w.DescribeClientBranding(ctx, &sdk.DescribeClientBrandingInput{ResourceId: new("d-ffffffffff")}))
	if d := described(); d.DeviceTypeWeb != nil {
		t.Errorf("want no look, got %+v", d.DeviceTypeWeb)
	}
}

// noise is a picture that cannot be made smaller, nearly as large as one may be.
func noise(t *testing.T) []byte {
	t.Helper()
	picture := image.NewRGBA(image.Rect(0, 0, 600, 600))
	random := rand.New(rand.NewPCG(1, 2))
	for i := range picture.Pix {
		picture.Pix[i] = byte(random.Uint32())
	}
	var b bytes.Buffer
	if err := png.Encode(&b, picture); err != nil || b.Len() < 1<<20 || b.Len() > 1_500_000 {
		t.Fatalf("the picture has %d bytes: %v", b.Len(), err)
	}
	return b.Bytes()
}
