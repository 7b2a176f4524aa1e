// Asks with the AWS SDK for Go until it has seen so many sets of keys; prints how many.
package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go/aws"
	"github.com/aws/aws-sdk-go/aws/session"
	"github.com/aws/aws-sdk-go/service/sts"
)

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func main() {
	wanted, err := strconv.Atoi(os.Args[1])
	check(err)
	// This version of the SDK does not read such variables.
	made := session.Must(session.NewSession(&aws.Config{Region: aws.String("eu-west-1")}))
	service := sts.New(made, &aws.Config{Endpoint: aws.String(os.Getenv("AWS_ENDPOINT_URL_STS"))})
	seen := map[string]bool{}
	for end := time.Now().Add(time.Minute); len(seen) < wanted && time.Now().Before(end); {
		keys, err := made.Config.Credentials.Get()
		check(err)
		seen[keys.AccessKeyID] = true
		who, err := service.GetCallerIdentity(&sts.GetCallerIdentityInput{})
		check(err)
		if !strings.Contains(*who.Arn, "assumed-role/read-only/") {
			check(fmt.Errorf("somebody else: %s", *who.Arn))
		}
		time.Sleep(300 * time.Millisecond)
	}
	fmt.Println(len(seen))
}
