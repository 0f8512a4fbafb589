// Files only: without this the header asks for curl's.
#define NOCURL
#include <bigWig.h>
