package api

// Tagged is a resource that can carry tags, as a room shows it to the Tag
// Editor (resourcegroupstaggingapi).
type Tagged struct {
	ARN  string
	Type string // "ssm:parameter": the service and resource type of ResourceTypeFilters
	Tags map[string]string
}
