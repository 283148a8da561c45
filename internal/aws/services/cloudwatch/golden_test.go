package cloudwatch

import (
	"testing"

	"tamachi/internal/aws/services/cloudwatch/series"
	"tamachi/internal/store/storetest"
)

func TestStoredForms(t *testing.T) {
	const account, region = "111122223333", "ap-northeast-1"
	m := &metric{Namespace: "AWS/WorkSpaces", Name: "CPUUsage", Dimensions: []dimension{{"WorkspaceId", "ws-c8wvb67py"}}, Units: []string{"Percent"}, Seen: 1_795_000_000}
	points := series.Encode(60, []series.Point{series.One(1_795_000_020, 12.5)})
	storetest.Golden(t, &metrics, m)
	storetest.Golden(t, &fresh, &young{Series: m.series("Percent", 60), Oldest: "60/20775", Points: points})
	storetest.Golden(t, &blocks, &block{Series: m.series("Percent", 60), Slice: 20775, Points: points})
	storetest.Golden(t, &duties, &duty{At: 1_796_342_400, Account: account, Region: region, Step: 60, Slice: 20775})
}
