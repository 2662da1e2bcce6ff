// One binary for the whole control plane, the kubelet and kubectl, dispatched by the name it is called by. The commands share
// nearly all of their packages: linked once they take 4 times less disk and 4 times less time than linked apart.
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"time"

	"context"
	"github.com/spf13/cobra"
	"go.etcd.io/etcd/server/v3/etcdmain"
	"k8s.io/component-base/cli"
	"k8s.io/kubectl/pkg/cmd"
	"k8s.io/kubectl/pkg/cmd/util"
	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
	controllermanager "k8s.io/kubernetes/cmd/kube-controller-manager/app"
	scheduler "k8s.io/kubernetes/cmd/kube-scheduler/app"
	kubelet "k8s.io/kubernetes/cmd/kubelet/app"
	"k8s.io/kubernetes/pkg/controller/job"
)

func main() {
	name := filepath.Base(os.Args[0])
	if name == "etcd" {
		etcdmain.Main(os.Args)
		return
	}
	commands := map[string]func() *cobra.Command{
		"kube-apiserver":          apiserver.NewAPIServerCommand,
		"kube-controller-manager": controllermanager.NewControllerManagerCommand,
		"kube-scheduler":          func() *cobra.Command { return scheduler.NewSchedulerCommand() },
		"kubelet":                 func() *cobra.Command { return kubelet.NewKubeletCommand(context.Background()) },
	}
	if name == "kubectl" {
		command := cmd.NewDefaultKubectlCommand()
		if err := cli.RunNoErrOutput(command); err != nil {
			util.CheckErr(err)
		}
		return
	}
	capJobBackOff()
	command, known := commands[name]
	if !known {
		names := []string{"etcd", "kubectl"}
		for name := range commands {
			names = append(names, name)
		}
		sort.Strings(names)
		fmt.Fprintf(os.Stderr, "%s: call this program by one of its names: %s\n", name, strings.Join(names, ", "))
		os.Exit(2)
	}
	os.Exit(cli.Run(command()))
}

// The Job controller waits between two pods of a Job, twice as long each time, up to ten minutes, for disrupted pods as well; no flag
// changes that. On one machine, where nodes come in a second, JOB_BACK_OFF_CAP (such as 5s) shortens the wait.
func capJobBackOff() {
	limit, err := time.ParseDuration(os.Getenv("JOB_BACK_OFF_CAP"))
	if err != nil {
		return
	}
	job.MaxJobPodFailureBackOff = limit
	job.DefaultJobPodFailureBackOff = min(limit, job.DefaultJobPodFailureBackOff)
}
