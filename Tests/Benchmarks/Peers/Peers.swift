import Foundation

/// Runs another library's program on a benchmark's own inputs.
public enum Peers {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "programs")

    /// What the peers are installed from, apart because one Python cannot hold them all.
    public enum Libraries: String, Sendable {
        /// Drift, performance, experiments, streams.
        case statistics = "requirements.txt"
        /// Training: XGBoost of the version that the agent links, Optuna, SHAP.
        case learning = "requirements-learning.txt"
        /// PyTorch without the parts for graphics processors, which are twenty times its size.
        case perceptron = "requirements-perceptron.txt"
        /// ydata-profiling, which needs older libraries than the others.
        case profile = "requirements-profile.txt"
    }

    /// What `programs/<script>` printed; its numerical libraries have one thread.
    ///
    /// The Python is that of the variable TIDEWATCH_PEERS_PYTHON, or one with `programs/requirements.txt` installed under
    /// $HOME/.cache/tidewatch, which is made when it is not there: some minutes and a connection to PyPI.
    /// - Returns: `nil` where neither is to be had; that is printed.
    /// - Throws: ``PeerFailure`` when it ends with another status than 0.
    public static func run(
        script: String, arguments: [String], libraries: Libraries = .statistics
    ) throws -> String? {
        guard let python = try interpreter(libraries) else {
            say("skipped: \(script) (no Python with the peers; see Tests/Benchmarks/Peers/programs/README.md)")
            return nil
        }
        let found = try execute(python, [folder.appending(path: script).path()] + arguments)
        guard found.status == 0 else {
            throw PeerFailure(description: "\(script) ended with status \(found.status)")
        }
        return found.output
    }

    private static func interpreter(_ libraries: Libraries) throws -> String? {
        let environment = ProcessInfo.processInfo.environment
        if libraries == .statistics, let given = environment["TIDEWATCH_PEERS_PYTHON"] { return given }
        let requirements = folder.appending(path: libraries.rawValue)
        let name = "peers-" + hash(try Data(contentsOf: requirements))
        // Foundation's home directory is the user's entry in /etc/passwd, whatever HOME says.
        let user = environment["HOME"].map { URL(filePath: $0, directoryHint: .isDirectory) } ?? URL.homeDirectory
        let home = user.appending(path: ".cache/tidewatch").appending(path: name)
        let python = home.appending(path: "bin/python").path()
        let complete = home.appending(path: "complete")
        if FileManager.default.fileExists(atPath: complete.path()) { return python }
        say("installing the peers into \(home.path())")
        guard try execute("/usr/bin/env", ["python3", "-m", "venv", "--clear", home.path()]).status == 0 else {
            say("python3 -m venv failed; on Debian it needs the package python3-venv")
            return nil
        }
        let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", requirements.path()]
        let installed = try execute(python, pip, keepsErrors: true)
        guard installed.status == 0 else {
            say("pip install failed: \(installed.output.suffix(600))")
            return nil
        }
        // Says that nothing broke off half-way.
        try Data().write(to: complete)
        return python
    }

    /// - Parameter keepsErrors: whether what it says on standard error is part of the output.
    private static func execute(
        _ program: String, _ arguments: [String], keepsErrors: Bool = false
    ) throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(
            ["OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONWARNINGS": "ignore", "DO_NOT_TRACK": "1"]
        ) { $1 }
        let output = Pipe()
        process.standardOutput = output
        if keepsErrors { process.standardError = output } else { process.standardError = FileHandle.nullDevice }
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: data, as: UTF8.self))
    }

    /// FNV-1a: the same in every run, unlike `Hasher`.
    private static func hash(_ data: Data) -> String {
        String(data.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }, radix: 16)
    }

    /// On standard error: a suite's output may be read by a program.
    private static func say(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }
}

/// Another library's program that did not come to its end.
public struct PeerFailure: Error, CustomStringConvertible {
    public let description: String
}
