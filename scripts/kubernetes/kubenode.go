// One program for the parts of a cluster: kubenode apiserver|controller-manager|scheduler|kubelet ARGUMENTS
package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"
	_ "k8s.io/component-base/metrics/prometheus/clientgo"
	_ "k8s.io/component-base/metrics/prometheus/version"
	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
	manager "k8s.io/kubernetes/cmd/kube-controller-manager/app"
	scheduler "k8s.io/kubernetes/cmd/kube-scheduler/app"
	kubelet "k8s.io/kubernetes/cmd/kubelet/app"
)

func main() {
	parts := map[string]func() *cobra.Command{
		"apiserver":          apiserver.NewAPIServerCommand,
		"controller-manager": manager.NewControllerManagerCommand,
		"scheduler":          func() *cobra.Command { return scheduler.NewSchedulerCommand() },
		"kubelet":            kubelet.NewKubeletCommand,
	}
	if len(os.Args) < 2 || parts[os.Args[1]] == nil {
		fmt.Fprintln(os.Stderr, "usage: kubenode apiserver|controller-manager|scheduler|kubelet ARGUMENTS")
		os.Exit(2)
	}
	command := parts[os.Args[1]]()
	// the kubelet parses its own, without the name
	os.Args = append(os.Args[:1], os.Args[2:]...)
	command.SetArgs(os.Args[1:])
	if err := command.Execute(); err != nil {
		os.Exit(1)
	}
}
