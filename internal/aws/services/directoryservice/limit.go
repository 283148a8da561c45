package directoryservice

import (
	"github.com/aws/aws-sdk-go-v2/service/directoryservice/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// limits are the default quotas of an account in a Region. Source: AWS Directory
// Service Administration Guide, "Simple AD quotas", "AWS Managed Microsoft AD
// quotas", "AD Connector quotas".
func limits() map[types.DirectoryType]int {
	return map[types.DirectoryType]int{
		types.DirectoryTypeSimpleAd: 10, types.DirectoryTypeMicrosoftAd: 20, types.DirectoryTypeAdConnector: 10,
	}
}

// count is how many directories of each kind an account has in a Region.
func count(tx *store.Tx, call *api.Call) (map[types.DirectoryType]int, error) {
	all, err := directories.List(tx, store.In(call.Place()), store.Page{})
	if err != nil {
		return nil, err
	}
	have := map[types.DirectoryType]int{}
	for _, r := range all {
		have[r.kind()]++
	}
	return have, nil
}

// quota refuses one directory too many of a kind.
func quota(tx *store.Tx, call *api.Call, kind types.DirectoryType) error {
	have, err := count(tx, call)
	if err != nil || have[kind] < limits()[kind] {
		return err
	}
	return &types.DirectoryLimitExceededException{
		Message:   say("Directory limit exceeded. A maximum of %d directories may be created", limits()[kind]),
		RequestId: &call.RequestID,
	}
}
