/// Numbers for the labels of one model, so that a waiting prediction holds four bytes instead of a string.
///
/// The configured labels come first; labels met on the stream follow, up to a limit. The numbers are private to one
/// partition and never leave it.
struct LabelDictionary {
    static let maximumLabels = 1_000

    private(set) var labels: [String]
    private var numbers: [String: Int32] = [:]
    /// The first few spellings met: most labels are one of them, and nothing needs to be hashed.
    private var common: [(spelling: [UInt8], number: Int32)] = []

    private static let maximumCommon = 4

    init(configured: [String]) {
        labels = configured
        for (number, label) in configured.enumerated() { numbers[label] = Int32(number) }
    }

    /// The label's number; -1 for an empty label, or when the dictionary is full and the label is new.
    mutating func number(of bytes: UnsafeRawBufferPointer) -> Int32 {
        guard !bytes.isEmpty else { return -1 }
        for place in common.indices where common[place].spelling.matches(bytes) { return common[place].number }
        let label = String(decoding: bytes, as: UTF8.self)
        if let number = numbers[label] {
            if common.count < Self.maximumCommon { common.append((Array(bytes), number)) }
            return number
        }
        guard labels.count < Self.maximumLabels else { return -1 }
        let number = Int32(labels.count)
        numbers[label] = number
        labels.append(label)
        return number
    }

    /// The label with this number; empty for -1.
    func label(_ number: Int32) -> String {
        number >= 0 && Int(number) < labels.count ? labels[Int(number)] : ""
    }
}
