import Foundation

/// The suites of a benchmark program: each prints one table and throws when a promise is broken.
public struct BenchmarkSuites: Sendable {
    public typealias Suite = (name: String, run: @Sendable () throws -> Void)

    private let suites: [Suite]

    public init(_ suites: [Suite]) { self.suites = suites }

    /// Runs those that the command line names, or all of them; ends the process with 1 where one throws.
    public func main() {
        do {
            try run(Array(CommandLine.arguments.dropFirst()))
        } catch {
            // The tables measured so far come first.
            fflush(nil)
            FileHandle.standardError.write(Data("\(error)\n".utf8))
            exit(1)
        }
    }

    private func run(_ wanted: [String]) throws {
        if let unknown = wanted.first(where: { name in !suites.contains { $0.name == name } }) {
            let names = suites.map(\.name).joined(separator: ", ")
            throw PeerFailure(description: "there is no suite '\(unknown)'; there are \(names)")
        }
        for suite in suites where wanted.isEmpty || wanted.contains(suite.name) {
            print("== \(suite.name)")
            try suite.run()
        }
    }
}
