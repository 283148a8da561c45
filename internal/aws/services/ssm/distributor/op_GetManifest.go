package distributor

import (
	"context"

	"github.com/aws/smithy-go"

	"tamachi/internal/aws/api"
)

// GetManifestInput names a package of the old kind.
type GetManifestInput struct {
	PackageName, PackageVersion *string
}

// GetManifestOutput would be its manifest.
type GetManifestOutput struct {
	Manifest *string
}

// GetManifest answers that there is no such package, of the old kind: that is
// how an agent learns to ask for the document of that name.
func (s *Service) GetManifest(_ context.Context, in *GetManifestInput) (*GetManifestOutput, error) {
	return nil, &smithy.GenericAPIError{
		Code: "ResourceNotFoundException", Message: "The package " + *in.PackageName + " is not found: ask for its document.",
	}
}

// getManifestChecks asks for ssm:GetManifest, which no resource limits (Service
// Authorization Reference, "AWS Systems Manager").
func (s *Service) getManifestChecks(context.Context, *GetManifestInput) ([]api.Check, error) {
	return api.OnAny("ssm:GetManifest"), nil
}
