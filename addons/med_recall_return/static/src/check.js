(() => {
    const button = document.querySelector("[data-camera]");
    const video = document.querySelector("video");
    const field = document.querySelector("[name=code]");
    if (!("BarcodeDetector" in window) || !navigator.mediaDevices) {
        return;
    }
    button.hidden = false;
    button.addEventListener("click", async () => {
        let stream;
        try {
            stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
        } catch {
            button.hidden = true;
            field.focus();
            return;
        }
        video.hidden = false;
        video.srcObject = stream;
        await video.play();
        const detector = new window.BarcodeDetector();
        const look = async () => {
            const [found] = await detector.detect(video).catch(() => []);
            if (!found) {
                return requestAnimationFrame(look);
            }
            stream.getTracks().forEach((track) => track.stop());
            field.value = found.rawValue.replaceAll("\u001d", "\u241d");
            field.form.submit();
        };
        look();
    });
})();
