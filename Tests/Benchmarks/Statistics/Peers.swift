import Foundation

/// Runs another library's program on a suite's own inputs.
enum Peers {
    /// What `peers/<script>` printed.
    /// - Returns: `nil` where `TIDEWATCH_PEERS_PYTHON`, a Python with the peers installed, is not given; that is printed.
    static func run(script: String, arguments: [String]) throws -> String? {
        guard let python = ProcessInfo.processInfo.environment["TIDEWATCH_PEERS_PYTHON"] else {
            print("skipped: \(script) (TIDEWATCH_PEERS_PYTHON is not set)")
            return nil
        }
        let process = Process()
        process.executableURL = URL(filePath: python)
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
