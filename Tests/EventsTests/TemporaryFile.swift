import Foundation

/// A file that is gone when the test is over.
final class TemporaryFile {
    let path: String
    private let folder: String

    init(_ bytes: [UInt8]) throws {
        var template = Array("/tmp/tidewatch-events-XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else { throw CocoaError(.fileWriteUnknown) }
        folder = String(cString: made)
        path = folder + "/events"
        try Data(bytes).write(to: URL(fileURLWithPath: path))
    }

    convenience init(_ text: String) throws { try self.init(Array(text.utf8)) }

    deinit {
        unlink(path)
        rmdir(folder)
    }
}
