export interface Job {
  id: number;
  key: string;
  state: "stored" | "running" | "done" | "given_up";
  attempts: number;
}

export class KestrelClient {
  constructor(
    private readonly base: string,
    private readonly timeout = 10_000,
  ) {}

  async enqueue(key: string, payload: unknown): Promise<Job> {
    const answer = await fetch(`${this.base}/jobs`, {
      method: "POST",
      body: JSON.stringify({ key, payload }),
      signal: AbortSignal.timeout(this.timeout),
    });
    if (!answer.ok) {
      throw new Error(`kestrel: status ${answer.status}`);
    }
    return (await answer.json()) as Job;
  }

  async list(state: Job["state"]): Promise<Job[]> {
    const answer = await fetch(`${this.base}/jobs?state=${state}`);
    return (await answer.json()) as Job[];
  }
}
