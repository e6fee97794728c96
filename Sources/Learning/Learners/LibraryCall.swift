import CXGBoost

/// Calls of XGBoost's C interface: each returns 0, or leaves its message in a buffer of the calling thread.
enum LibraryCall {
    /// Must be called on the thread of the call itself and before any other call of the library.
    static func check(_ status: Int32, _ action: String) throws(LearningError) {
        if status == 0 { return }
        let text = XGBGetLastError().map { String(cString: $0) } ?? "no message"
        // The library appends a stack trace of its own; the first line with text says what happened.
        let reason = text.split(separator: "\n").first.map(String.init) ?? text
        throw LearningError(
            .libraryFailure, "XGBoost could not \(action): \(reason)",
            advice: "Check the training table and the boosting parameters.")
    }

    /// Silences the library's messages on standard error; the setting belongs to the calling thread.
    static func silence() throws(LearningError) {
        try check(XGBSetGlobalConfig("{\"verbosity\":0}"), "set its verbosity")
    }

    /// NumPy's array interface of a row-major single-precision matrix, which the library reads in place.
    static func arrayInterface(_ matrix: UnsafeBufferPointer<Float>, rows: Int, columns: Int) -> String {
        let address = UInt(bitPattern: matrix.baseAddress)
        return #"{"data":[\#(address),true],"shape":[\#(rows),\#(columns)],"typestr":"<f4","version":3}"#
    }

    /// Calls `body` with the strings as a C array, valid during the call.
    static func withCStrings<Result>(
        _ strings: [String], _ body: (UnsafeMutablePointer<UnsafePointer<CChar>?>) -> Result
    ) -> Result {
        var bytes: [CChar] = []
        var starts: [Int] = []
        for string in strings {
            starts.append(bytes.count)
            bytes.append(contentsOf: string.utf8CString)
        }
        return bytes.withUnsafeBufferPointer { bytes in
            var pointers = starts.map { start in bytes.baseAddress.map { UnsafePointer($0 + start) } }
            return pointers.withUnsafeMutableBufferPointer { buffer in
                guard let address = buffer.baseAddress else { preconditionFailure("an empty array of strings") }
                return body(address)
            }
        }
    }
}
