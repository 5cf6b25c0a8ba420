// The program where it lies in liboctet.so (OCTET_PROGRAM_IN_LIBRARY): all of cli/ but its main.
int octet_main(int argc, char** argv);

int main(int argc, char** argv) {
  return octet_main(argc, argv);
}
