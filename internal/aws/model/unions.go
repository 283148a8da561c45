package model

import (
	"reflect"

	analyzer "github.com/aws/aws-sdk-go-v2/service/accessanalyzer/types"
	cloudwatch "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	logs "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	s3 "github.com/aws/aws-sdk-go-v2/service/s3/types"
	ssm "github.com/aws/aws-sdk-go-v2/service/ssm/types"
	workspaces "github.com/aws/aws-sdk-go-v2/service/workspaces/types"
)

// unionStructs lists the SDK's structs of each union's members, by the type of
// the interface. Go cannot list the implementations of an interface, so this
// table does; a test fails when a union of the models is not in it.
var unionStructs = map[reflect.Type][]reflect.Type{
	reflect.TypeFor[analyzer.PathElement](): {
		reflect.TypeFor[analyzer.PathElementMemberIndex](), reflect.TypeFor[analyzer.PathElementMemberKey](),
		reflect.TypeFor[analyzer.PathElementMemberSubstring](), reflect.TypeFor[analyzer.PathElementMemberValue](),
	},
	reflect.TypeFor[workspaces.ImageSourceIdentifier](): {
		reflect.TypeFor[workspaces.ImageSourceIdentifierMemberEc2ImageId](),
		reflect.TypeFor[workspaces.ImageSourceIdentifierMemberEc2ImportTaskId](),
		reflect.TypeFor[workspaces.ImageSourceIdentifierMemberImageBuildVersionArn](),
	},
	reflect.TypeFor[cloudwatch.EvaluationCriteria](): {reflect.TypeFor[cloudwatch.EvaluationCriteriaMemberPromQLCriteria]()},
	reflect.TypeFor[logs.IntegrationDetails]():       {reflect.TypeFor[logs.IntegrationDetailsMemberOpenSearchIntegrationDetails]()},
	reflect.TypeFor[logs.ResourceConfig]():           {reflect.TypeFor[logs.ResourceConfigMemberOpenSearchResourceConfig]()},
	reflect.TypeFor[s3.ObjectEncryption]():           {reflect.TypeFor[s3.ObjectEncryptionMemberSSEKMS]()},
	reflect.TypeFor[s3.AnalyticsFilter](): {
		reflect.TypeFor[s3.AnalyticsFilterMemberAnd](),
		reflect.TypeFor[s3.AnalyticsFilterMemberPrefix](),
		reflect.TypeFor[s3.AnalyticsFilterMemberTag](),
	},
	reflect.TypeFor[s3.MetricsFilter](): {
		reflect.TypeFor[s3.MetricsFilterMemberAccessPointArn](),
		reflect.TypeFor[s3.MetricsFilterMemberAnd](),
		reflect.TypeFor[s3.MetricsFilterMemberPrefix](),
		reflect.TypeFor[s3.MetricsFilterMemberTag](),
	},
	reflect.TypeFor[ssm.ExecutionInputs]():  {reflect.TypeFor[ssm.ExecutionInputsMemberAutomation]()},
	reflect.TypeFor[ssm.ExecutionPreview](): {reflect.TypeFor[ssm.ExecutionPreviewMemberAutomation]()},
	reflect.TypeFor[ssm.NodeType]():         {reflect.TypeFor[ssm.NodeTypeMemberInstance]()},
}

// unionStruct finds the struct for a member of a union, or nil. The SDK names
// it <Union>Member<Member>.
func unionStruct(union reflect.Type, m *Member) reflect.Type {
	for _, t := range unionStructs[union] {
		if t.Name() == union.Name()+"Member"+m.Field() {
			return t
		}
	}
	return nil
}
