#!/usr/bin/env python3
"""Runs Catch2 programs, many cases to a process: run_units.py FOLDER [--jobs N] [--cases N]

Every *_test program in FOLDER. A sanitized program takes longer to start than most cases take to run, so that a process of its own for
each case, as CTest has it, takes twice the time. Prints what failed, then "100% tests passed, F tests failed out of N" as CTest does.
"""
import argparse, concurrent.futures, glob, os, re, signal, subprocess, sys, tempfile

TIME_MAX = 900  # seconds a process may take

def cases_of(program):
    # Catch2 answers with the number of cases, not with zero.
    listed = subprocess.run([program, "--list-test-names-only"], capture_output=True, text=True).stdout
    return [line for line in listed.splitlines() if line]

def quoted(case):
    return re.sub(r"([\\,\[\]\"])", r"\\\1", case)

def run(program, cases):
    """How many of the cases passed, and what the process said when that was not all."""
    with tempfile.TemporaryDirectory(prefix="earshot-units-") as folder:
        names = os.path.join(folder, "cases.txt")
        with open(names, "w") as out: out.write("\n".join(quoted(case) for case in cases))
        done = subprocess.Popen([program, "--input-file", names], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                                errors="replace", start_new_session=True)
        try: said, _ = done.communicate(timeout=TIME_MAX)
        except subprocess.TimeoutExpired:
            done.terminate()  # Catch2 then names the case that it is in
            try: done.wait(timeout=30)
            except subprocess.TimeoutExpired: pass
            # What it started may be what hangs, and holds the pipe that is read here.
            try: os.killpg(done.pid, signal.SIGKILL)
            except ProcessLookupError: pass
            said, _ = done.communicate()
            return 0, "%s: not done after %d s\n%s" % (program, TIME_MAX, said[-4000:])
    ran = re.search(r"All tests passed \(\d+ assertions? in (\d+) test cases?\)", said)
    if ran and int(ran.group(1)) == len(cases) and done.returncode == 0: return len(cases), ""
    # "test cases: 25 | 24 passed | 1 failed"; a process that dies does not get so far.
    counted = re.search(r"^test cases: +(\d+) \|(?: +(\d+) passed \|)?", said, re.M)
    passed = int(counted.group(2) or 0) if counted else 0
    # What went well is told in the log between what failed.
    told = re.sub(r"^\d{4}-\d\d-\d\dT\S+ (debug|info) .*\n", "", said, flags=re.M)
    return min(passed, len(cases) - 1), "%s ended with %d\n%s" % (program, done.returncode, told[-12_000:])

def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder"); parser.add_argument("--jobs", type=int, default=os.cpu_count()); parser.add_argument("--cases", type=int, default=40)
    args = parser.parse_args()
    groups = []
    for program in sorted(glob.glob(os.path.join(os.path.abspath(args.folder), "*_test"))):
        cases = cases_of(program)
        # Cases of one file stand together and take about as long as one another: dealt out, no process gets all the long ones.
        processes = -(-len(cases) // args.cases)
        groups += [(program, cases[first::processes]) for first in range(processes)]
    passed = 0
    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        for good, said in pool.map(lambda group: run(*group), groups):
            passed += good
            if said: print(said, flush=True)
    total = sum(len(cases) for _, cases in groups)
    print("%d%% tests passed, %d tests failed out of %d" % (100 * passed // max(total, 1), total - passed, total))
    sys.exit(0 if total and passed == total else 1)

if __name__ == "__main__":
    main()
