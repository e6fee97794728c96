/// A text compared byte for byte, as the stream does. Swift's own `String` comparison holds `é` and `e` + accent for
/// equal; on the stream they are two categories.
struct ExactText: Hashable, Comparable {
    let text: String

    init(_ text: String) {
        var contiguous = text
        contiguous.makeContiguousUTF8()
        self.text = contiguous
    }

    static func == (left: ExactText, right: ExactText) -> Bool { left.text.utf8.elementsEqual(right.text.utf8) }

    static func < (left: ExactText, right: ExactText) -> Bool {
        left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
    }

    func hash(into hasher: inout Hasher) {
        let isHashed: Void? = text.utf8.withContiguousStorageIfAvailable {
            hasher.combine(bytes: UnsafeRawBufferPointer($0))
        }
        precondition(isHashed != nil, "made contiguous by init")
    }
}
