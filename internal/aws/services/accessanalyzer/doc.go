// Package accessanalyzer is the room of IAM Access Analyzer as far as it judges
// policies that it is given: ValidatePolicy, and the custom checks
// CheckNoNewAccess, CheckAccessNotGranted and CheckNoPublicAccess. It stores
// nothing. Analyzers and their findings are not offered.
//
// The custom checks are proofs of package policy over all requests: PASS is
// proved, FAIL is shown by a request that the engine itself allows, and where
// neither is found the answer is UnprocessableEntityException, never a PASS. They
// hold for requests whose condition keys are all known, and are about what the
// given document allows by itself.
//
// Where it departs from AWS: findings are told in English whatever the locale;
// only those issue codes are given of which the whole condition is checked here,
// and the first thousand findings about a policy.
// Names of actions and condition keys are those of the Service Authorization
// Reference when package reference was made, so an action that AWS made since is
// told as one that does not exist.
package accessanalyzer
