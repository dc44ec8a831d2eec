// A small server that stops when it is told to.
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"os"
	"os/signal"
	"syscall"

	"github.com/go-chi/chi/v5"
)

const version = "version 1"

func main() {
	router := chi.NewRouter()
	router.Get("/", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "Hello from Go, %s\n", version)
	})
	router.Get("/instance", func(w http.ResponseWriter, r *http.Request) {
		name, _ := os.Hostname()
		fmt.Fprintln(w, name)
	})

	port := os.Getenv("PORT")
	if port == "" {
		port = "5000"
	}
	server := &http.Server{Addr: ":" + port, Handler: router}

	// The platform says SIGTERM before it stops an instance: finish what is open, then go.
	stop, cancel := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer cancel()
	stopped := make(chan struct{})
	go func() {
		<-stop.Done()
		server.Shutdown(context.Background())
		close(stopped)
	}()
	log.Printf("listening on %s", port)
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		log.Fatal(err)
	}
	<-stopped
}
