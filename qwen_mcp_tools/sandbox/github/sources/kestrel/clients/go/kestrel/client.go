// Package kestrel hands jobs to a Kestrel server.
package kestrel

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// Client stores jobs; its zero value is not usable, see New.
type Client struct {
	base    string
	http    *http.Client
	retries int
}

// New returns a client of the server at base.
func New(base string) *Client {
	return &Client{base: base, http: &http.Client{Timeout: 10 * time.Second}, retries: 3}
}

// Enqueue stores a job and returns when it is on disk.
func (c *Client) Enqueue(ctx context.Context, key string, payload any) error {
	body, err := json.Marshal(map[string]any{"key": key, "payload": payload})
	if err != nil {
		return fmt.Errorf("kestrel: encode job: %w", err)
	}
	for attempt := 0; ; attempt++ {
		err = c.post(ctx, string(body))
		if err == nil || attempt == c.retries {
			return err
		}
		time.Sleep(backoff(attempt))
	}
}

func (c *Client) post(ctx context.Context, body string) error {
	request, err := http.NewRequestWithContext(ctx, "POST", c.base+"/jobs", strings.NewReader(body))
	if err != nil {
		return err
	}
	answer, err := c.http.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusCreated {
		return fmt.Errorf("kestrel: status %d", answer.StatusCode)
	}
	return nil
}

func backoff(attempt int) time.Duration {
	return time.Duration(1<<attempt) * 100 * time.Millisecond
}
