#ifndef KESTREL_FLUSH_H
#define KESTREL_FLUSH_H

/* Returns 0 when everything written to fd is on the disk, or errno. */
int kestrel_flush(int fd);

#endif
