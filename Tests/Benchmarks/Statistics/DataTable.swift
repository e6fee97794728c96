import Foundation
import Statistics

/// One of the data sets of `TIDEWATCH_DATA`, a folder of gzip'ed CSV files without quoted fields.
struct DataTable: Sendable {
    let names: [String]
    private let columns: [[String]]
    var count: Int { columns.first?.count ?? 0 }

    /// - Returns: `nil` where the folder is not given or lacks the file; that is printed.
    static func load(_ name: String) throws -> DataTable? {
        let folder = ProcessInfo.processInfo.environment["TIDEWATCH_DATA"] ?? ""
        let path = folder + "/" + name + ".csv.gz"
        guard !folder.isEmpty, FileManager.default.fileExists(atPath: path) else {
            print("skipped: \(name) (TIDEWATCH_DATA does not have it)")
            return nil
        }
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["gzip", "-dc", path]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw BenchmarkError("\(path) is no gzip file") }
        var lines = String(decoding: data, as: UTF8.self).split(separator: "\n")
        let names = lines.removeFirst().split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        var columns = names.map { _ in [String]() }
        for line in lines {
            let fields = line.split(separator: ",", omittingEmptySubsequences: false)
            for index in names.indices { columns[index].append(index < fields.count ? String(fields[index]) : "") }
        }
        return DataTable(names: names, columns: columns)
    }

    /// NaN where a field is no number.
    func numbers(_ name: String) -> [Double] { column(name).map { Double($0) ?? .nan } }

    /// `nil` for an empty field or `?`.
    func texts(_ name: String) -> [String?] { column(name).map { $0.isEmpty || $0 == "?" ? nil : $0 } }

    private func column(_ name: String) -> [String] { names.firstIndex(of: name).map { columns[$0] } ?? [] }

    /// The cell of every value, −1 for missing ones: panes of drawn rows are then only counted.
    func cells(on encoder: ReferenceEncoder, numeric: [String]) -> [[Int]] {
        names.enumerated().map { index, name in
            let reference = encoder.profile.columns[index]
            if numeric.contains(name) {
                return numbers(name).map { value in
                    guard !value.isNaN else { return -1 }
                    switch reference.binning {
                    case .grid(let edges, _): return edges.partition(atOrBelow: value)
                    case .discrete(let values): return values.firstIndex(of: value) ?? values.count
                    case .categories: return -1
                    }
                }
            }
            guard case .categories(let listed) = reference.binning else { return [] }
            let places = Dictionary(uniqueKeysWithValues: listed.enumerated().map { ($0.element, $0.offset) })
            return texts(name).map { text in text.map { places[$0] ?? listed.count + 1 } ?? -1 }
        }
    }
}

extension [Double] {
    /// How many of the ascending elements are at or below the value.
    func partition(atOrBelow value: Double) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if self[middle] <= value { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
