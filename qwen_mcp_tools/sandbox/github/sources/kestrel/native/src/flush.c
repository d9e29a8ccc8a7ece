#include "flush.h"

#include <errno.h>
#include <unistd.h>

int kestrel_flush(int fd)
{
    int tries = 0;

    while (fsync(fd) != 0) {
        if (errno != EINTR || ++tries == 8)
            return errno;
    }
    return 0;
}
