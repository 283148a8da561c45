package accessanalyzer

import "strings"

// globalKeys are the condition keys that are no service's, in lower case, with
// the types of their values. Source: IAM User Guide, "AWS global condition
// context keys".
var globalKeys = map[string]string{
	"aws:assumedroot": "Bool", "aws:calledvia": "ArrayOfString", "aws:calledviafirst": "String", "aws:calledvialast": "String",
	"aws:chatbotsourcearn": "ARN", "aws:currenttime": "Date", "aws:ec2instancesourceprivateipv4": "IPAddress", "aws:ec2instancesourcevpc": "String",
	"aws:epochtime": "Date", "aws:federatedprovider": "String", "aws:multifactorauthage": "Numeric", "aws:multifactorauthpresent": "Bool",
	"aws:principalaccount": "String", "aws:principalarn": "ARN", "aws:principalisawsservice": "Bool", "aws:principalorgid": "String",
	"aws:principalorgpaths": "ArrayOfString", "aws:principalservicename": "String", "aws:principalservicenameslist": "ArrayOfString",
	"aws:principaltag/": "String", "aws:principaltype": "String", "aws:referer": "String", "aws:requestedregion": "String", "aws:requesttag/": "String",
	"aws:resourceaccount": "String", "aws:resourceorgid": "String", "aws:resourceorgpaths": "ArrayOfString", "aws:resourcetag/": "String",
	"aws:securetransport": "Bool", "aws:signinsessionarn": "ARN", "aws:sourceaccount": "String", "aws:sourcearn": "ARN", "aws:sourceidentity": "String",
	"aws:sourceip": "IPAddress", "aws:sourceorgid": "String", "aws:sourceorgpaths": "ArrayOfString", "aws:sourceowner": "String", "aws:sourcevpc": "String",
	"aws:sourcevpcarn": "ARN", "aws:sourcevpce": "String", "aws:tagkeys": "ArrayOfString", "aws:tokenissuetime": "Date", "aws:useragent": "String",
	"aws:userid": "String", "aws:username": "String", "aws:viaawsservice": "Bool", "aws:vpceaccount": "String", "aws:vpceorgid": "String",
	"aws:vpceorgpaths": "ArrayOfString", "aws:vpcsourceip": "IPAddress",
}

// kindOf tells the type of a condition key's values, "" when it is not known,
// and whether there is such a key.
func (c checker) kindOf(key string) (kind string, exists bool) {
	lower := strings.ToLower(key)
	service, rest, _ := strings.Cut(lower, ":")
	if service == "aws" {
		name, tag, tagged := strings.Cut(lower, "/")
		if tagged {
			name += "/"
		}
		kind, exists = globalKeys[name]
		return kind, exists && (!tagged || tag != "")
	}
	if strings.Contains(service, ".") || service == "saml" || rest == "" {
		return "", rest != "" // of an identity provider, which AWS does not know either
	}
	for name, kind := range c.names[service].Keys {
		if open := strings.IndexAny(name, "$<"); open >= 0 { // ${TagKey}, <key>
			if strings.HasPrefix(lower, strings.ToLower(name[:open])) {
				return kind, true
			}
		} else if strings.EqualFold(name, key) {
			return kind, true
		}
	}
	return "", false
}
