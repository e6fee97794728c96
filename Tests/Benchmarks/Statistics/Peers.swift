import Foundation

/// Other libraries' programs, run on a suite's own inputs.
enum Peers {
    /// The Python that has the peers: `TIDEWATCH_PEERS_PYTHON`.
    static func python() throws -> String {
        guard let path = ProcessInfo.processInfo.environment["TIDEWATCH_PEERS_PYTHON"] else {
            throw BenchmarkError("TIDEWATCH_PEERS_PYTHON is not set: a Python with the peers installed")
        }
        return path
    }

    /// What `peers/<script>` printed.
    static func run(script: String, arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: try python())
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "peers")
        process.arguments = [folder.appending(path: script).path()] + arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw BenchmarkError("\(script) ended with status \(process.terminationStatus)")
        }
        return String(decoding: data, as: UTF8.self)
    }
}
