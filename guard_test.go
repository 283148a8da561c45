package tamachi_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"reflect"
	"regexp"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/apitest"
	"tamachi/internal/aws/model"
	"tamachi/internal/aws/reference"
)

// The two lists of rows that need no permission: who asks for more puts it
// here and says why.
var (
	// publicRows carry a proof of their own instead of a signature.
	publicRows = []string{
		"ssm RegisterManagedInstance", // an activation code
	}
	// guestRows take callers without a signature, who prove themselves in what
	// they say first.
	guestRows = []string{
		"ssmmessages OpenDataChannel", // the token of a session
	}
	// linkRows take callers without a signature who came by the link of a message.
	linkRows = []string{
		"sns ConfirmSubscription", // its token
		"sns Unsubscribe",         // the name of the subscription; what was ended so can be restored
	}
	// authenticatedRows answer every valid caller; no policy can deny them.
	authenticatedRows = []string{
		"sts GetCallerIdentity",
	}
)

// commonErrors are those that every AWS operation may answer with (AWS General
// Reference, "Common errors"), beside the ones of its model.
var commonErrors = []string{
	"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "AuthorizationError", "ValidationError", "ValidationException",
}

// serviceErrors are those of services whose models list next to none: S3 says
// them in its reference only (Amazon S3 API Reference, "Error responses").
var serviceErrors = map[string][]string{
	"ec2": { // EC2 API Reference, "Error codes for the Amazon EC2 API"
		"CannotDelete", "DefaultSubnetAlreadyExistsInAvailabilityZone", "DefaultVpcAlreadyExists", "DefaultVpcDoesNotExist", "DependencyViolation",
		"DryRunOperation", "Gateway.NotAttached", "InsufficientAddressCapacity", "InsufficientFreeAddressesInSubnet", "InvalidAddress.NotFound",
		"DuplicateSubnetsInSameZone", "DuplicateTransitGatewayAttachment", "InvalidAssociation.NotFound", "InvalidTransitGatewayAttachmentID.Malformed",
		"InvalidTransitGatewayAttachmentID.NotFound", "InvalidTransitGatewayID.Malformed", "InvalidTransitGatewayID.NotFound",
		"TransitGatewayRouteTablePropagation.Duplicate", "TransitGatewayRouteTablePropagation.NotFound",
		"FilterLimitExceeded", "IdempotentParameterMismatch", "IncorrectState", "VpcPeeringConnectionAlreadyExists", "InvalidCustomerGatewayID.Malformed", "InvalidCustomerGatewayID.NotFound", "InvalidNetworkInterfaceID.Malformed",
		"InvalidNetworkInterfaceID.NotFound", "InvalidVpnConnectionID.Malformed", "InvalidVpnConnectionID.NotFound", "InvalidVpnGatewayAttachment.NotFound",
		"InvalidVpnGatewayID.Malformed", "InvalidVpnGatewayID.NotFound", "VpnGatewayAttachmentLimitExceeded",
		"AuthFailure", "InvalidCidrBlock.InUse", "InvalidDhcpOptionID.NotFound", "InvalidDhcpOptionsId.Malformed", "InvalidInstanceID.NotFound", "InvalidVpcCidrBlockAssociationID.NotFound",
		"InvalidAllocationID.Malformed", "InvalidAllocationID.NotFound", "InvalidAssociationID.NotFound", "InvalidGatewayID.NotFound",
		"InvalidGroup.Duplicate", "InvalidGroup.Malformed", "InvalidGroup.NotFound", "InvalidGroupId.Malformed", "InvalidID",
		"InvalidIPAddress.InUse", "InvalidInternetGatewayID.Malformed", "InvalidInternetGatewayID.NotFound", "InvalidMaxResults",
		"InvalidNetworkAclEntry.NotFound", "InvalidNetworkAclID.Malformed", "InvalidNetworkAclID.NotFound", "InvalidParameterCombination",
		"InvalidParameterValue", "InvalidPermission.Duplicate", "InvalidPermission.Malformed", "InvalidPermission.NotFound",
		"InvalidRoute.NotFound", "InvalidRouteTableID.Malformed", "InvalidRouteTableID.NotFound", "InvalidSecurityGroupRuleId.Malformed",
		"InvalidSecurityGroupRuleId.NotFound", "InvalidStateTransition", "InvalidSubnet.Conflict", "InvalidSubnet.Range",
		"InvalidSubnetID.Malformed", "InvalidSubnetID.NotFound", "InvalidVpc.Range", "InvalidVpcID.Malformed", "InvalidVpcID.NotFound",
		"InvalidVpcPeeringConnectionID.Malformed", "InvalidVpcPeeringConnectionID.NotFound", "MissingParameter", "NatGatewayMalformed",
		"NatGatewayNotFound", "NetworkAclEntryAlreadyExists", "OperationNotPermitted", "Resource.AlreadyAssociated", "RouteAlreadyExists",
		"TagLimitExceeded", "UnsupportedOperation",
	},
	"s3": {
		"AccessControlListNotSupported", "BadDigest", "BadRequest", "BucketAlreadyExists", "BucketAlreadyOwnedByYou", "BucketNotEmpty",
		"EntityTooLarge", "EntityTooSmall", "IllegalLocationConstraintException", "IllegalVersioningConfigurationException", "IncompleteBody",
		"InvalidArgument", "InvalidBucketAclWithObjectOwnership", "InvalidBucketName", "InvalidDigest", "InvalidLocationConstraint", "InvalidPart",
		"InvalidPartNumber", "InvalidPartOrder", "InvalidRange", "InvalidRequest", "InvalidStorageClass", "InvalidTag", "InvalidURI", "KeyTooLongError",
		"MalformedPolicy", "MalformedXML", "MetadataTooLarge", "MethodNotAllowed", "MissingSecurityHeader", "NoSuchBucket", "NoSuchBucketPolicy",
		"NoSuchCORSConfiguration", "NoSuchKey", "NoSuchLifecycleConfiguration", "NoSuchPublicAccessBlockConfiguration", "NoSuchTagSet",
		"NoSuchUpload", "NoSuchVersion", "NoSuchWebsiteConfiguration", "NotImplemented", "NotModified", "ObjectLockConfigurationNotFoundError",
		"OwnershipControlsNotFoundError", "PermanentRedirect", "PolicyTooLarge", "PreconditionFailed", "ReplicationConfigurationNotFoundError",
	},
}

// ownNodeRows are about the node that calls, whatever the input says: every
// node may use them, on itself.
var ownNodeRows = []string{"ssm RequestManagedInstanceRoleToken", "ssm UpdateManagedInstancePublicKey"}

// row is an operation that the plane offers.
type row struct {
	*api.Operation
	service *model.Service
	model   *model.Operation
}

func (r row) String() string { return r.service.Name + " " + r.Name }

// rowsOf lists every row of a plane, sorted.
func rowsOf(t *testing.T, p *apitest.Plane) []row {
	t.Helper()
	var rows []row
	p.Gate().Rows(func(service string, op *api.Operation) {
		m, err := model.Load(service)
		if err != nil {
			t.Fatal(err)
		}
		if m.Operations[op.Name] == nil {
			t.Errorf("%s %s: the model has no such operation", service, op.Name)
			return
		}
		rows = append(rows, row{op, m, m.Operations[op.Name]})
	})
	if len(rows) == 0 {
		t.Fatal("the plane has no rows")
	}
	slices.SortFunc(rows, func(x, y row) int { return strings.Compare(x.String(), y.String()) })
	return rows
}

// call runs a row as somebody; a panic comes back as an error.
func call(t *testing.T, p *apitest.Plane, r row, who api.Caller, in any) (err error) {
	t.Helper()
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("panic: %v\n%s", v, debug.Stack())
		}
	}()
	_, err = p.Gate().Do(t.Context(), &api.Call{
		Caller: who, Account: who.Account, Region: p.Access().Region, RequestID: "11111111-1111-4111-8111-111111111111",
		SourceIP: "127.0.0.1", UserAgent: "guard", Time: time.Now(), Service: r.service.Name, Operation: r.Name,
	}, in)
	return err
}

func codeOf(err error) string {
	if fault, ok := errors.AsType[smithy.APIError](err); ok {
		return fault.ErrorCode()
	}
	return ""
}

// The rows that need no permission are exactly the two lists.
func TestListsOfOpenRows(t *testing.T) {
	p := apitest.Start(t, apitest.Options{})
	services := map[string]bool{}
	found := map[string]api.Kind{}
	for _, r := range rowsOf(t, p) {
		services[r.service.Name] = true
		found[r.String()] = r.Kind
		if r.Kind == api.KindPublic != slices.Contains(publicRows, r.String()) {
			t.Errorf("%s: Public is %v, the list says otherwise", r, r.Kind == api.KindPublic)
		}
		if r.Kind == api.KindAuthenticated != slices.Contains(authenticatedRows, r.String()) {
			t.Errorf("%s: Authenticated is %v, the list says otherwise", r, r.Kind == api.KindAuthenticated)
		}
		if r.Kind == api.KindGuest != slices.Contains(guestRows, r.String()) {
			t.Errorf("%s: Guest is %v, the list says otherwise", r, r.Kind == api.KindGuest)
		}
		if r.Kind == api.KindLink != slices.Contains(linkRows, r.String()) {
			t.Errorf("%s: Link is %v, the list says otherwise", r, r.Kind == api.KindLink)
		}
		open := r.Kind == api.KindPublic || r.Kind == api.KindAuthenticated
		if open != (r.Checks == nil) {
			t.Errorf("%s: it has checks: %v, want %v", r, r.Checks != nil, !open)
		}
	}
	for _, name := range slices.Concat(publicRows, guestRows, linkRows, authenticatedRows) {
		service, _, _ := strings.Cut(name, " ")
		if services[service] && found[name] == 0 {
			t.Errorf("%s is in a list, but no row", name)
		}
	}
}

// Whatever a caller sends, a row answers, refuses as its model says, and never
// panics.
func TestRowsWithstandAnyInput(t *testing.T) {
	p := apitest.Start(t, apitest.Options{})
	for _, r := range rowsOf(t, p) {
		t.Run(r.String(), func(t *testing.T) {
			allowed := append(slices.Concat(commonErrors, serviceErrors[r.service.Name]), r.service.ValidationCode())
			for _, e := range r.model.Errors {
				allowed = append(allowed, e.Error.Code, e.Name) // the code of the wire, and the SDK's where they differ
			}
			try := func(in any) {
				err := call(t, p, r, p.Administrator(), in)
				if code := codeOf(err); err != nil && !slices.Contains(allowed, code) {
					text, _ := json.Marshal(in)
					t.Errorf("input %s\ngot %v, want an error of %v", clip(string(text)), err, allowed)
				}
			}
			try(reflect.New(r.In).Interface())
			tame := sampler{rnd: rand.New(rand.NewPCG(1, 2))}
			wild := sampler{rnd: rand.New(rand.NewPCG(3, 4)), wild: true}
			for range 25 {
				try(tame.input(t, r.model, r.In))
				try(wild.input(t, r.model, r.In))
			}
		})
	}
}

// ourActions are in no reference of AWS's: actions of the plane's own service and
// of the agents' side.
var ourActions = []string{
	"workspaces:Stream",                                                                      // on one desktop, for OpenDesktop of the plane's own service
	"tamachi:JoinDesktop",                                                                    // to look at a desktop's screen, which AWS has no right for
	"tamachi:RecordDesktop", "tamachi:ListDesktopRecordings", "tamachi:PlayDesktopRecording", // its recordings, likewise
	"tamachi:ExportDesktopRecording", "tamachi:DeleteDesktopRecording",
	"tamachi:ApplyPlan", "tamachi:DecideRequest", "tamachi:PlanDuty", // of the desk
	"ssm:RequestManagedInstanceRoleToken", "ssm:UpdateManagedInstancePublicKey",
	"sts:TagSession", // the reference lacks that it goes with GetFederationToken, on the federated user
}

// Every check is an action that AWS knows, on a resource that the action can be
// limited to.
func TestChecksAreActionsOfAWS(t *testing.T) {
	all, err := reference.Load()
	if err != nil {
		t.Fatal(err)
	}
	p := apitest.Start(t, apitest.Options{})
	for _, r := range rowsOf(t, p) {
		if r.Checks == nil {
			continue
		}
		t.Run(r.String(), func(t *testing.T) {
			tame := sampler{rnd: rand.New(rand.NewPCG(7, 8))}
			for range 20 {
				for _, c := range checksOf(t, p, r, tame.input(t, r.model, r.In)) {
					if why := reference.Fits(all, c.Action, c.Resource); why != "" && !slices.Contains(ourActions, c.Action) {
						t.Fatal(why)
					}
				}
			}
		})
	}
}

// Callers without rights are refused by every row before it looks at anything.
func TestRowsRefuseCallersWithoutRights(t *testing.T) {
	p := apitest.Start(t, apitest.Options{})
	account := p.Access().Account
	callers := map[string]api.Caller{
		"nobody": {},
		"a session without a policy": {
			Type: api.FederatedUser, Account: account, Name: "x", ARN: "arn:aws:sts::" + account + ":federated-user/x", UserID: account + ":x",
		},
		"a session that may do something else": {
			Type: api.FederatedUser, Account: account, Name: "x", ARN: "arn:aws:sts::" + account + ":federated-user/x", UserID: account + ":x",
			Session: &api.Session{Policies: []string{`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"nothing:Nothing","Resource":"*"}]}`}},
		},
		"a node":    {Type: api.ManagedInstance, Account: account, Node: "mi-00000000000000000", ARN: "arn:aws:ssm:us-east-1:" + account + ":managed-instance/mi-00000000000000000"},
		"a service": {Type: api.AWSService, Account: account, Service: "nothing.amazonaws.com", ARN: "nothing.amazonaws.com"},
	}
	for _, r := range rowsOf(t, p) {
		for name, who := range callers {
			open := r.Kind == api.KindAuthenticated && name != "nobody" || r.Kind.Open() && name == "nobody" ||
				slices.Contains(ownNodeRows, r.String()) && who.Type == api.ManagedInstance
			if r.Kind == api.KindPublic || open {
				continue
			}
			t.Run(r.String()+" by "+name, func(t *testing.T) {
				err := firstPastValidation(t, p, r, who)
				if sessionless(r, who) && codeOf(err) == "InvalidClientTokenId" {
					return
				}
				if code := codeOf(err); !slices.Contains([]string{"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "AuthorizationError"}, code) {
					t.Errorf("got %v, want AccessDenied", err)
				}
			})
		}
	}
}

// firstPastValidation calls a row until an input passes the validation by the
// model, which comes before authorization, and returns that call's error.
func firstPastValidation(t *testing.T, p *apitest.Plane, r row, who api.Caller) error {
	t.Helper()
	tame := sampler{rnd: rand.New(rand.NewPCG(5, 6))}
	var err error
	for range 50 {
		err = call(t, p, r, who, tame.input(t, r.model, r.In))
		// Members that exclude each other are a matter of form too.
		if code := codeOf(err); err == nil || !slices.Contains([]string{"ValidationException", "ValidationError", "InvalidParameterException", "InvalidParameterValue", "MissingParameter"}, code) {
			return err
		}
	}
	t.Errorf("no sample is valid: %v", err)
	return err
}

// Every row but the Public ones refuses an unsigned request at the door.
func TestUnsignedRequestsAreRefused(t *testing.T) {
	p := apitest.Start(t, apitest.Options{})
	// Of a bucket that is not there anybody is told so.
	_, err := s3.NewFromConfig(p.Config(), func(o *s3.Options) { o.UsePathStyle = true }).CreateBucket(t.Context(), &s3.CreateBucketInput{
		Bucket: aws.String(someName), CreateBucketConfiguration: &s3types.CreateBucketConfiguration{LocationConstraint: s3types.BucketLocationConstraint(p.Config().Region)},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rowsOf(t, p) {
		if r.Kind == api.KindPublic || r.Kind.Open() {
			continue
		}
		t.Run(r.String(), func(t *testing.T) {
			resp, err := http.DefaultClient.Do(unsigned(t, p, r))
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			body, err := io.ReadAll(resp.Body)
			if err != nil {
				t.Fatal(err)
			}
			if r.service.Name == "s3" && (resp.StatusCode == 403 || r.Name == "ListBuckets" && resp.StatusCode == 404) {
				return // nobody is a caller of S3, whom nothing allows; HEAD answers without a text
			}
			if r.service.Name == "s3" && resp.StatusCode == 400 && malformedS3.Match(body) {
				return // the form of a request is looked at first, whoever sent it
			}
			if resp.StatusCode != 400 && resp.StatusCode != 403 || !strings.Contains(string(body)+resp.Header.Get("X-Amzn-Errortype"), "MissingAuthenticationToken") {
				t.Errorf("got %d %s, want MissingAuthenticationToken", resp.StatusCode, body)
			}
		})
	}
}

var malformedS3 = regexp.MustCompile(`<Code>(InvalidRequest|InvalidArgument|MalformedXML)</Code>`)

var label = regexp.MustCompile(`\{[^}]+\}`)

// someName stands for each label of a path.
const someName = "xxx"

// unsigned is a request for a row as an anonymous client sends it.
func unsigned(t *testing.T, p *apitest.Plane, r row) *http.Request {
	t.Helper()
	body, target := "{}", label.ReplaceAllString(r.model.URI, someName)
	if r.service.Protocol == "query" || r.service.Protocol == "ec2" {
		body, target = url.Values{"Action": {r.Name}, "Version": {r.service.APIVersion}}.Encode(), "/"
	}
	if r.service.Protocol == "smithy-rpc-v2-cbor" {
		body, target = "\xa0", "/service/"+r.service.TargetPrefix+"/operation/"+r.Name
	}
	if r.Name == "CompleteMultipartUpload" {
		target += "?uploadId=x" // what tells it from others lies in no template
	}
	req, err := http.NewRequestWithContext(t.Context(), r.model.Method, p.HTTP()+target, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	switch r.service.Protocol {
	case "json":
		req.Header.Set("X-Amz-Target", r.service.TargetPrefix+"."+r.Name)
		req.Header.Set("Content-Type", "application/x-amz-json-"+r.service.JSONVersion)
	case "smithy-rpc-v2-cbor":
		req.Header.Set("Smithy-Protocol", "rpc-v2-cbor")
	case "query", "ec2":
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	req.Host = r.service.EndpointPrefix + "." + p.Access().Region + ".tamachi.internal"
	return req
}

func clip(s string) string {
	if len(s) > 600 {
		return s[:600] + "..."
	}
	return s
}
